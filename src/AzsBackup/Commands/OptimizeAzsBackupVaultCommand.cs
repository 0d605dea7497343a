using System.Globalization;
using System.Management.Automation;
using AzsBackup.Formatting;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;
using AzsBackup.Vault.Maintenance;

namespace AzsBackup.Commands;

/// <summary>Removes recovery points whose delay has passed and frees what no point needs.</summary>
[Cmdlet(VerbsCommon.Optimize, "AzsBackupVault", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(AzsVaultOptimization))]
public sealed class OptimizeAzsBackupVaultCommand : JobCmdlet
{
    // A lag below this is what clocks and a day's work show.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromDays(1);

    private readonly List<AzsBackupVault> _vaults = [];
    private bool _onlyPlan;

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = "The vault, from New- or Get-AzsBackupVault.")]
    public AzsBackupVault Vault { get; set; } = null!;

    [Parameter(HelpMessage = "For how many days chunks that no point needs stay after they were condemned.")]
    [ValidateRange(0d, 3650d)]
    public double GracePeriodDays { get; set; } = 3;

    [Parameter(HelpMessage = "After how many hours of silence a backup counts as dead.")]
    [ValidateRange(1d, 8760d)]
    public double SessionTimeoutHours { get; set; } = 24;

    [Parameter(HelpMessage = "The clocks of this machine and of the vault's storage are right: go by them.")]
    public SwitchParameter TrustClock { get; set; }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        _onlyPlan = IsWhatIf;
        _vaults.Add(Vault);
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        foreach (var vault in _vaults)
        {
            await output.TryItemAsync(vault, cancelled => OptimizeAsync(vault, output, cancelled), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task OptimizeAsync(AzsBackupVault vault, CommandOutput output, CancellationToken cancellationToken)
    {
        var options = new OptimizeOptions
        {
            GracePeriod = TimeSpan.FromDays(GracePeriodDays),
            SessionTimeout = TimeSpan.FromHours(SessionTimeoutHours),
            TrustClock = TrustClock,
        };
        var optimizer = new VaultOptimizer(VaultSessions.Resolve(vault), options);
        var action = _onlyPlan ? Say(await optimizer.PlanAsync(cancellationToken).ConfigureAwait(false)) : "Remove points whose delay has passed, and free what no point needs";
        if (!await output.ShouldProcessAsync(vault.Path, action, cancellationToken).ConfigureAwait(false)) return;
        var began = TimeProvider.System.GetTimestamp();
        var result = await optimizer.RunAsync(cancellationToken).ConfigureAwait(false);
        if (result.ClockBehind > ClockTolerance)
        {
            output.Log.Warning(
                $"The vault's own clock lags {DisplayText.Duration(result.ClockBehind)} behind its storage's, so points are removed later. A clock has jumped, or there was no run for more than 35 days. If the clocks are right, run once with -TrustClock.");
        }

        await output.WriteAsync(
            new AzsVaultOptimization
            {
                Vault = vault,
                PointsRemoved = result.PointsRemoved,
                PointsWaiting = result.PointsWaiting,
                ChunksDeleted = result.ChunksDeleted,
                BytesFreed = result.BytesFreed,
                ChunksCondemned = result.ChunksCondemned,
                BytesCondemned = result.BytesCondemned,
                ChunksSpared = result.ChunksSpared,
                ListsWaiting = result.ListsWaiting,
                SessionsEnded = result.SessionsEnded,
                PointsGivenUp = result.PointsGivenUp,
                ClockBehind = result.ClockBehind,
                Duration = TimeProvider.System.GetElapsedTime(began),
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static string Say(OptimizePlan plan) => string.Create(
        CultureInfo.InvariantCulture,
        $"Remove {plan.PointsToRemove} points whose delay has passed ({plan.PointsWaiting} more wait); condemn {plan.ChunksToCondemn} chunks ({DisplayText.Bytes(plan.BytesToCondemn)}) that no point needs then; delete those of {plan.ChunksCondemned} condemned chunks ({DisplayText.Bytes(plan.BytesCondemned)}) whose grace period has passed");
}
