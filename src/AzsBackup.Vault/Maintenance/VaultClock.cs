using System.Text.Json;
using AzsBackup.Model;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Maintenance;

/// <summary>
/// The time by which points are released: the earliest of the store's clock, this machine's, and the vault's own, which never
/// goes back and takes no step longer than <see cref="LongestStep"/> between two runs (FORMAT.md §11). So one clock that jumps
/// forward releases nothing, and two that jump together release what is due within that step.
/// </summary>
/// <param name="Now">The time to release by (UTC).</param>
/// <param name="Behind">How far it lags behind the store's clock; zero or more.</param>
internal readonly record struct VaultClock(DateTime Now, TimeSpan Behind)
{
    public static readonly TimeSpan LongestStep = TimeSpan.FromDays(35);

    // More often it would only cost requests.
    private static readonly TimeSpan ShortestStep = TimeSpan.FromHours(1);

    /// <summary>Reads the clock and lets it tick.</summary>
    /// <param name="access">The vault.</param>
    /// <param name="storeTime">The store's time.</param>
    /// <param name="newestPointAt">The store's time at least, as the newest object of a point shows: where a clock begins.</param>
    /// <param name="trust">Whether somebody vouches for the store's clock: then the vault's is set by it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<VaultClock> TickAsync(
        VaultAccess access, DateTime storeTime, DateTime newestPointAt, bool trust, CancellationToken cancellationToken)
    {
        var (numbers, before) = trust
            ? (await ListAsync(access, cancellationToken).ConfigureAwait(false), null)
            : await ReadNewestAsync(access, cancellationToken).ConfigureAwait(false);
        int newest = numbers.Count == 0 ? -1 : numbers.Max();
        var vaultTime = trust ? storeTime : Advance(before, storeTime, newestPointAt);
        if (before is not { } last || trust || storeTime - last.StoreTime >= ShortestStep || storeTime < last.StoreTime)
        {
            string name = MaintenanceNames.Clock(newest + 1);
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(
                new ClockDocument(ClockDocument.CurrentVersion, JsonTime.Write(storeTime), JsonTime.Write(vaultTime)), VaultJson.Compact);
            using var content = access.Sealer.Seal(ObjectRole.Clock, name, json);
            await access.Store.TryCreateAsync(name, content.Memory, cancellationToken).ConfigureAwait(false);
            await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);

            // The last one stays beside the new one: whoever listed both a moment ago finds it.
            foreach (int old in numbers.Where(number => number < newest))
                await access.Store.DeleteAsync(MaintenanceNames.Clock(old), cancellationToken).ConfigureAwait(false);
        }

        return Make(access, storeTime, vaultTime);
    }

    /// <summary>What the clock would say now, by this machine's clock for the store's. Changes nothing.</summary>
    public static async Task<VaultClock> EstimateAsync(VaultAccess access, DateTime newestPointAt, CancellationToken cancellationToken)
    {
        var storeTime = access.Runtime.Time.GetUtcNow().UtcDateTime;
        var (_, before) = await ReadNewestAsync(access, cancellationToken).ConfigureAwait(false);
        return Make(access, storeTime, Advance(before, storeTime, newestPointAt));
    }

    private static VaultClock Make(VaultAccess access, DateTime storeTime, DateTime vaultTime)
    {
        var own = access.Runtime.Time.GetUtcNow().UtcDateTime;
        var now = new[] { storeTime, vaultTime, own }.Min();
        return new VaultClock(now, storeTime - now);
    }

    private static DateTime Advance((DateTime StoreTime, DateTime VaultTime)? before, DateTime storeTime, DateTime newestPointAt)
    {
        if (before is not var (lastStoreTime, lastVaultTime))
        {
            var latest = newestPointAt == default ? storeTime : Later(newestPointAt, LongestStep);
            return storeTime < latest ? storeTime : latest;
        }

        var step = storeTime - lastStoreTime;
        return Later(lastVaultTime, step < TimeSpan.Zero ? TimeSpan.Zero : step < LongestStep ? step : LongestStep);
    }

    private static DateTime Later(DateTime time, TimeSpan step) => time > DateTime.MaxValue - step ? DateTime.MaxValue : time + step;

    private static async Task<List<int>> ListAsync(VaultAccess access, CancellationToken cancellationToken)
    {
        var numbers = new List<int>();
        await foreach (var stored in access.Store.ListAsync(MaintenanceNames.Clocks, cancellationToken).ConfigureAwait(false))
        {
            if (MaintenanceNames.TryParseClock(stored.Name, out int number))
                numbers.Add(number);
        }

        return numbers;
    }

    private static async Task<(List<int> Numbers, (DateTime StoreTime, DateTime VaultTime)? Newest)> ReadNewestAsync(
        VaultAccess access, CancellationToken cancellationToken)
    {
        while (true)
        {
            var numbers = await ListAsync(access, cancellationToken).ConfigureAwait(false);
            if (numbers.Count == 0)
                return (numbers, null);
            string name = MaintenanceNames.Clock(numbers.Max());
            try
            {
                using var content = await access.FindAsync(ObjectRole.Clock, name, cancellationToken).ConfigureAwait(false);

                // Gone since the listing: other runs are two steps ahead, and a new listing shows theirs.
                if (content is not null)
                    return (numbers, ClockDocument.Read(content.Span, name));
            }
            catch (AzsException exception) when (exception.ErrorId is "PointDamaged" or "ObjectTooLong")
            {
                throw VaultErrors.ClockDamaged(name, exception);
            }
        }
    }
}
