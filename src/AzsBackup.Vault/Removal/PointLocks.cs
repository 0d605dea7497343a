using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Maintenance;

namespace AzsBackup.Vault.Removal;

/// <summary>Until when points may not be removed: their own locks and the vault's minimum age.</summary>
/// <param name="access">The vault.</param>
/// <param name="minimumAge">How old a point must be before it may be removed.</param>
internal sealed class PointLocks(VaultAccess access, TimeSpan minimumAge)
{
    /// <summary>Reads the vault's minimum age.</summary>
    /// <exception cref="AzsException"><c>VaultRetentionDamaged</c>.</exception>
    public static async Task<PointLocks> ReadAsync(VaultAccess access, CancellationToken cancellationToken)
    {
        var state = await new MarkLog(access, MaintenanceNames.VaultMarks).ReadAsync(cancellationToken).ConfigureAwait(false);
        return state.Damage is null
            ? new PointLocks(access, state.MinimumAge)
            : throw VaultErrors.RetentionDamaged(access.Info.Location, state.Damage);
    }

    /// <summary>Reads the vault's minimum age for people to see; <see langword="null"/> if it can't be read.</summary>
    public static async Task<PointLocks?> TryReadAsync(VaultAccess access, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(access, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
        {
            // Listing goes on without; whoever wants to remove is told.
            return null;
        }
    }

    public TimeSpan MinimumAge => minimumAge;

    /// <summary>The lock of a point; <see langword="null"/> if it never had one.</summary>
    public async Task<DateTime?> FindAsync(PointFolder folder, MarkState state, CancellationToken cancellationToken)
    {
        var bornAt = folder.PointAt ?? folder.YoungestAt;
        if (minimumAge > TimeSpan.Zero)
        {
            try
            {
                // The later one of two clocks: if one was set back while the point was made, the other one holds.
                var point = await PointReader.ReadPointAsync(access, folder.Name, folder.PointId, cancellationToken).ConfigureAwait(false);
                if (point is not null && JsonTime.TryRead(point.CreatedAt, out var createdAt) && createdAt > bornAt)
                    bornAt = createdAt;
            }
            catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
            {
                // Only the writer's clock is unknown then.
            }
        }

        return state.LockFor(bornAt, minimumAge);
    }
}
