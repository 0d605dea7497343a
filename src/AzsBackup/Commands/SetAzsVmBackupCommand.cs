using System.Management.Automation;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Vault.Removal;

namespace AzsBackup.Commands;

/// <summary>Pins recovery points, or locks them until a date.</summary>
[Cmdlet(VerbsCommon.Set, "AzsVmBackup", DefaultParameterSetName = ByPoint, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(AzsVmRecoveryPoint))]
public sealed class SetAzsVmBackupCommand : VmPointCmdlet
{
    private bool? _pinned;

    [Parameter(HelpMessage = "The opened vault, where it is not the one the recovery point was listed from.")]
    public AzsBackupVault? Vault { get; set; }

    [Parameter(HelpMessage = "Pin it: nobody can remove it until it is unpinned with -Pinned:$false.")]
    public SwitchParameter Pinned { get; set; }

    [Parameter(HelpMessage = "Nobody can remove it before this date. A lock can be made longer, never shorter.")]
    public DateTime? LockedUntil { get; set; }

    /// <inheritdoc/>
    private protected override AzsBackupVault? OtherVault => Vault;

    /// <inheritdoc/>
    protected override void Prepare()
    {
        _pinned = MyInvocation.BoundParameters.ContainsKey(nameof(Pinned)) ? Pinned.ToBool() : null;
        if (_pinned is null && LockedUntil is null)
        {
            throw new AzsException(AzsErrorKind.InvalidInput, "NothingToSet", "Nothing says what to set.", "Give -Pinned, -Pinned:$false or -LockedUntil.");
        }

        base.Prepare();
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var done = new List<AzsVmRecoveryPoint>();
        foreach (var point in Points)
        {
            await output.TryItemAsync(
                point,
                async cancelled =>
                {
                    if (await SetAsync(point, output, cancelled).ConfigureAwait(false)) done.Add(point);
                },
                cancellationToken).ConfigureAwait(false);
        }

        if (done.Count > 0) await WriteAsync(done, output, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> SetAsync(AzsVmRecoveryPoint point, CommandOutput output, CancellationToken cancellationToken)
    {
        var removal = new PointRemoval(Open(point));
        var changed = false;
        if (LockedUntil is { } until
            && await output.ShouldProcessAsync(point.ToString(), $"Lock until {until.ToUniversalTime():yyyy-MM-dd HH:mm:ss} UTC; this can't be taken back", cancellationToken).ConfigureAwait(false))
        {
            await removal.LockAsync(point.Id, until.ToUniversalTime(), cancellationToken).ConfigureAwait(false);
            changed = true;
        }

        if (_pinned is { } pinned && await output.ShouldProcessAsync(point.ToString(), pinned ? "Pin" : "Unpin", cancellationToken).ConfigureAwait(false))
        {
            await removal.SetPinnedAsync(point.Id, pinned, cancellationToken).ConfigureAwait(false);
            changed = true;
        }

        return changed;
    }
}
