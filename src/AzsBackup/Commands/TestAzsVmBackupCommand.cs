using System.Management.Automation;
using AzsBackup.Composition;
using AzsBackup.Engine.Proving;
using AzsBackup.Engine.Stacks;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Tries out recovery points: reads all of each back, looks at what is on its disks, boots it if asked to, and keeps the result with it.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AzsVmBackup", DefaultParameterSetName = Read, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(AzsVmBackupProof))]
public sealed class TestAzsVmBackupCommand : JobCmdlet
{
    private const string Read = "Read";
    private const string Booted = "Boot";

    private readonly List<AzsVmRecoveryPoint> _points = [];
    private IStack? _stack;
    private GuestScript? _until;

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = "What to test, from Get-AzsVmBackup or Start-AzsVmBackup.")]
    public AzsVmRecoveryPoint RecoveryPoint { get; set; } = null!;

    [Parameter(HelpMessage = "The opened vault, where it is not the one the recovery point was listed from.")]
    public AzsBackupVault? Vault { get; set; }

    [Parameter(ParameterSetName = Read, HelpMessage = "Only read the chunks back; don't look at what is on the disks.")]
    public SwitchParameter ChunksOnly { get; set; }

    [Parameter(ParameterSetName = Booted, Mandatory = true, HelpMessage = "Restore each point into an isolated network, start it, wait until it is up, and remove it again.")]
    public SwitchParameter Boot { get; set; }

    [Parameter(ParameterSetName = Booted, HelpMessage = "The stack to boot on: a connection or its name; the default one if left out.")]
    [StackName]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public AzsStackConnection? Stack { get; set; }

    [Parameter(ParameterSetName = Booted, HelpMessage = "A resource group that is empty or not there yet; one with a generated name if left out.")]
    public string? ResourceGroupName { get; set; }

    [Parameter(ParameterSetName = Booted, HelpMessage = "The size of the virtual machine; the one it had if left out.")]
    public string? VmSize { get; set; }

    [Parameter(ParameterSetName = Booted, HelpMessage = "A script block that succeeds once the virtual machine is up; it is given the VM, and tried again until then. Without it, the VM agent has to report.")]
    public ScriptBlock? Until { get; set; }

    [Parameter(ParameterSetName = Booted, HelpMessage = "How many minutes the virtual machine may take to come up.")]
    [ValidateRange(0.01, 1440)]
    public double TimeoutMinutes { get; set; } = 20;

    [Parameter(HelpMessage = "How many chunks are read at once.")]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 8;

    /// <inheritdoc/>
    protected override void Prepare()
    {
        if (Boot) _stack ??= StackSessions.OfProcess.Resolve(Stack);
        if (Until is { } script) _until ??= GuestScript.From("-Until", script, GetVariableValue);
        _points.Add(RecoveryPoint);
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        foreach (var point in _points)
            await output.TryItemAsync(point, cancelled => TestAsync(point, output, cancelled), cancellationToken).ConfigureAwait(false);
    }

    private async Task TestAsync(AzsVmRecoveryPoint point, CommandOutput output, CancellationToken cancellationToken)
    {
        var action = _stack is null ? "Read back and keep the result" : $"Boot in an isolated network on {_stack.HostName}, remove it again, and keep the result";
        if (!await output.ShouldProcessAsync(point.ToString(), action, cancellationToken).ConfigureAwait(false)) return;
        var vault = VaultSessions.Resolve(Vault ?? point.Vault);
        var boot = _stack is null ? null : Engines.BootTrial(vault, _stack, BootOptions(output), output.Log);
        var options = new ProofOptions
        {
            Level = boot is not null ? AzsProofLevel.Boot : ChunksOnly ? AzsProofLevel.Chunks : AzsProofLevel.Structure,
            ChunksInFlight = ThrottleLimit,
            By = $"{Environment.UserName}@{Environment.MachineName}",
        };
        var proof = await Engines.Prover(vault, boot, output.Log).RunAsync(point, options, cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(proof, cancellationToken).ConfigureAwait(false);
        if (!proof.Passed) await output.WriteErrorAsync(Failure(proof), point, cancellationToken).ConfigureAwait(false);
    }

    private BootOptions BootOptions(CommandOutput output) => new()
    {
        ResourceGroupName = ResourceGroupName,
        VmSize = VmSize,
        Until = _until?.WithLog(output.Log),
        Patience = TimeSpan.FromMinutes(TimeoutMinutes),
    };

    private static AzsException Failure(AzsVmBackupProof proof) => new(
        proof.Level == AzsProofLevel.Boot ? AzsErrorKind.TimedOut : AzsErrorKind.DataDamaged,
        "RecoveryPointTestFailed",
        $"Recovery point {proof.RecoveryPoint} did not pass: {proof.Damage[0]}{(proof.Damage.Count > 1 ? $" And {proof.Damage.Count - 1} more." : "")}",
        "Look at Damage and Volumes of what was emitted; repair the vault from a copy with Test-AzsBackupVault, or rely on another point; damage that the guest itself had is in newer points as well.",
        proof.RecoveryPoint.Id);
}
