using System.Management.Automation;
using AzsBackup.Composition;
using AzsBackup.Engine.Proving;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Tries out recovery points: reads all of each back, looks at what is on its disks, and keeps the result with it.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AzsVmBackup")]
[OutputType(typeof(AzsVmBackupProof))]
public sealed class TestAzsVmBackupCommand : JobCmdlet
{
    private readonly List<AzsVmRecoveryPoint> _points = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = "What to test, from Get-AzsVmBackup or Start-AzsVmBackup.")]
    public AzsVmRecoveryPoint RecoveryPoint { get; set; } = null!;

    [Parameter(HelpMessage = "The opened vault, where it is not the one the recovery point was listed from.")]
    public AzsBackupVault? Vault { get; set; }

    [Parameter(HelpMessage = "Only read the chunks back; don't look at what is on the disks.")]
    public SwitchParameter ChunksOnly { get; set; }

    [Parameter(HelpMessage = "How many chunks are read at once.")]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 8;

    /// <inheritdoc/>
    protected override void Prepare() => _points.Add(RecoveryPoint);

    /// <inheritdoc/>
    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        foreach (var point in _points)
            await output.TryItemAsync(point, cancelled => TestAsync(point, output, cancelled), cancellationToken).ConfigureAwait(false);
    }

    private async Task TestAsync(AzsVmRecoveryPoint point, CommandOutput output, CancellationToken cancellationToken)
    {
        var options = new ProofOptions
        {
            Level = ChunksOnly ? AzsProofLevel.Chunks : AzsProofLevel.Structure,
            ChunksInFlight = ThrottleLimit,
            By = $"{Environment.UserName}@{Environment.MachineName}",
        };
        var proof = await Engines.Prover(VaultSessions.Resolve(Vault ?? point.Vault), output.Log).RunAsync(point, options, cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(proof, cancellationToken).ConfigureAwait(false);
        if (proof.Passed) return;
        var failure = new AzsException(
            AzsErrorKind.DataDamaged,
            "RecoveryPointTestFailed",
            $"Recovery point {point} did not pass: {proof.Damage[0]}{(proof.Damage.Count > 1 ? $" And {proof.Damage.Count - 1} more." : "")}",
            "Look at Damage and Volumes of what was emitted; repair the vault from a copy with Test-AzsBackupVault, or rely on another point; damage that the guest itself had is in newer points as well.",
            point.Id);
        await output.WriteErrorAsync(failure, point, cancellationToken).ConfigureAwait(false);
    }
}
