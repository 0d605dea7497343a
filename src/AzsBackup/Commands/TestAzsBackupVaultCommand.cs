using System.Globalization;
using System.Management.Automation;
using AzsBackup.Engine.Running;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;
using AzsBackup.Vault.Verification;

namespace AzsBackup.Commands;

/// <summary>Reads a vault back, says what is damaged and whom that hurts, and repairs it from a copy.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AzsBackupVault", DefaultParameterSetName = Verify, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(AzsVaultDamage), typeof(AzsVaultVerification))]
public sealed class TestAzsBackupVaultCommand : JobCmdlet
{
    private const string Verify = "Verify";
    private const string Mend = "Repair";

    private readonly List<AzsBackupVault> _vaults = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = "The vault, from New- or Get-AzsBackupVault.")]
    public AzsBackupVault Vault { get; set; } = null!;

    [Parameter(ParameterSetName = Verify, HelpMessage = "Read back only so many of 100 chunks, chosen at random.")]
    [ValidateRange(0.000001, 100)]
    public double SamplePercent { get; set; } = 100;

    [Parameter(ParameterSetName = Verify, HelpMessage = "Chooses the sample: the same seed, the same chunks.")]
    public int? Seed { get; set; }

    [Parameter(HelpMessage = "Read back only chunks that were not verified for so many days.")]
    [ValidateRange(0, 36500)]
    public double? NotVerifiedForDays { get; set; }

    [Parameter(HelpMessage = "How many objects are read at once.")]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 8;

    [Parameter(ParameterSetName = Mend, Mandatory = true, HelpMessage = "Put damaged and missing objects right.")]
    public SwitchParameter Repair { get; set; }

    [Parameter(ParameterSetName = Mend, Mandatory = true, HelpMessage = "A copy of the vault to take whole objects from.")]
    public AzsBackupVault? From { get; set; }

    /// <inheritdoc/>
    protected override void Prepare() => _vaults.Add(Vault);

    /// <inheritdoc/>
    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        foreach (var vault in _vaults)
        {
            await output.TryItemAsync(vault, cancelled => TestAsync(vault, output, cancelled), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task TestAsync(AzsBackupVault vault, CommandOutput output, CancellationToken cancellationToken)
    {
        var opened = VaultSessions.Resolve(vault);
        var copy = From is null ? null : VaultSessions.Resolve(From);

        // Without the repair it is a verification, and that one changes nothing that anybody has to be asked about.
        if (copy is not null && !await output.ShouldProcessAsync(vault.Path, $"Repair from {From!.Path}", cancellationToken).ConfigureAwait(false)) copy = null;
        var began = TimeProvider.System.GetTimestamp();
        var options = new VerifyOptions
        {
            SamplePercent = SamplePercent,
            Seed = Seed ?? Random.Shared.Next(),
            NotVerifiedFor = NotVerifiedForDays is { } days ? TimeSpan.FromDays(days) : null,
            Parallelism = ThrottleLimit,
            RepairFrom = copy,
            Progress = new VerifyProgress(vault, output.Log),
        };
        var result = await new VaultVerifier(opened, options).RunAsync(
            (damage, stop) => output.WriteAsync(Describe(vault, damage), stop), cancellationToken).ConfigureAwait(false);
        var elapsed = TimeProvider.System.GetElapsedTime(began);
        output.Log.Progress(new TransferProgress(vault.Path, VerifyProgress.Activity, result.BytesRead, 0, elapsed, Finished: true));
        var summary = Describe(vault, result, elapsed);
        await output.WriteAsync(summary, cancellationToken).ConfigureAwait(false);
        if (!summary.Healthy) await output.WriteErrorAsync(Damage(summary), vault, cancellationToken).ConfigureAwait(false);
    }

    private static AzsVaultDamage Describe(AzsBackupVault vault, VaultDamage damage) => new()
    {
        Kind = Enum.Parse<AzsVaultDamageKind>(damage.Kind.ToString()),
        ObjectName = damage.ObjectName,
        Reason = damage.Description,
        RecoveryPoints = damage.PointIds,
        Repaired = damage.Repaired,
        Vault = vault,
    };

    private static AzsVaultVerification Describe(AzsBackupVault vault, VerifyResult result, TimeSpan elapsed) => new()
    {
        Vault = vault,
        StartedAt = result.StartedAt,
        Duration = elapsed,
        RecoveryPoints = result.Points,
        RecoveryPointsHurt = result.PointsHurt,
        Chunks = result.Chunks,
        ChunksRead = result.ChunksRead,
        BytesRead = result.BytesRead,
        Damaged = result.Damaged,
        Repaired = result.Repaired,
        Healed = result.Healed,
        Seed = result.Seed,
        Recorded = result.Recorded,
    };

    private static AzsException Damage(AzsVaultVerification summary) => new(
        AzsErrorKind.DataDamaged,
        "VaultDamageFound",
        string.Create(CultureInfo.InvariantCulture, $"{summary.Damaged - summary.Repaired} objects of the vault {summary.Vault.Path} are damaged; {summary.RecoveryPointsHurt} recovery points can't be restored completely."),
        "Repair from a copy of the vault with -Repair -From, or back up in full: that stores damaged chunks anew as far as the disks still hold them.",
        summary.Vault.Path);
}
