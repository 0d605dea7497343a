using System.Management.Automation;

namespace AzsBackup.Pipeline;

/// <summary>
/// The base of the long commands: they take all their input first (in <see cref="AsyncCmdlet.Prepare"/>, which collects),
/// then work on all of it in <see cref="AsyncCmdlet.EndAsync"/>, at the prompt or, with <c>-AsJob</c>, as a job in this process.
/// A job shares the open connections and vaults; it can't ask questions, so what would be asked is asked once, before it starts.
/// The command object outlives its pipeline in a job: its work may use its fields and the output it is given, nothing else.
/// </summary>
public abstract class JobCmdlet : AsyncCmdlet
{
    [Parameter(HelpMessage = "Run in the background and return a job.")]
    public SwitchParameter AsJob { get; set; }

    /// <inheritdoc/>
    protected sealed override Task BeginAsync(CommandOutput output, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    protected sealed override Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    protected abstract override Task EndAsync(CommandOutput output, CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        // With -WhatIf nothing takes long, and what would be done belongs on the screen, not into a job.
        if (!AsJob || IsWhatIf)
        {
            base.EndProcessing();
            return;
        }

        var command = MyInvocation.MyCommand.Name;
        if (!ShouldProcess(command, "Run as a job, which asks no questions")) return;
        var job = new CommandJob(command, EndAsync);
        JobRepository.Add(job);
        job.Start();
        WriteObject(job);
    }

    /// <summary>Whether the command is only to say what it would do. On the pipeline thread only.</summary>
    private protected bool IsWhatIf =>
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given)
            ? LanguagePrimitives.IsTrue(given)
            : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));
}
