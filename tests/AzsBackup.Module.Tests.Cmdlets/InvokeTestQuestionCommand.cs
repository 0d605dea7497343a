using System.Management.Automation;
using AzsBackup.Pipeline;

namespace AzsBackup.Module.Tests.Cmdlets;

/// <summary>Runs a script on the pipeline thread, asked for by the worker, and shows a line.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "TestQuestion")]
public sealed class InvokeTestQuestionCommand : JobCmdlet
{
    [Parameter(Mandatory = true)]
    public string Script { get; set; } = "";

    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        await output.ShowAsync("asking", cancellationToken).ConfigureAwait(false);
        try
        {
            var answers = await output.AskAsync(cmdlet => cmdlet.InvokeCommand.InvokeScript(Script), cancellationToken).ConfigureAwait(false);
            foreach (var answer in answers) await output.WriteAsync(answer, cancellationToken).ConfigureAwait(false);
        }
        catch (RuntimeException failure)
        {
            await output.WriteAsync($"the worker caught: {failure.Message}", cancellationToken).ConfigureAwait(false);
        }
    }
}
