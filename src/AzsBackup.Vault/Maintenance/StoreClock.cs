using AzsBackup.Model;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Maintenance;

/// <summary>What the store's clock says: learnt by creating an object.</summary>
internal static class StoreClock
{
    private const int Attempts = 10;

    /// <summary>The store's time now (UTC).</summary>
    public static async Task<DateTime> ReadAsync(VaultAccess access, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            // A clock that jumps makes a new object look old to whoever tidies up: then there has to be another.
            if (await TryReadAsync(access, cancellationToken).ConfigureAwait(false) is { } now)
                return now;
        }

        throw VaultErrors.WriteConflict(ObjectNames.Job(""));
    }

    /// <summary>Deletes what runs that died, or that may not delete, left behind.</summary>
    /// <param name="access">The vault.</param>
    /// <param name="before">Only what is older, by the store's clock: a younger one may be somebody's who is reading it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task TidyAsync(VaultAccess access, DateTime before, CancellationToken cancellationToken)
    {
        var old = new List<string>();
        await foreach (var stored in access.Store.ListAsync(ObjectNames.Job(""), cancellationToken).ConfigureAwait(false))
        {
            if (stored.CreatedAt < before && ObjectNames.TryParseId(ObjectNames.Job(""), stored.Name, out _, out string more) && more.Length == 0)
                old.Add(stored.Name);
        }

        foreach (string name in old)
            await access.Store.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<DateTime?> TryReadAsync(VaultAccess access, CancellationToken cancellationToken)
    {
        string name = ObjectNames.Job(access.Runtime.Random.NewId());
        using (var content = access.Sealer.Seal(ObjectRole.Job, name, []))
            await access.Store.TryCreateAsync(name, content.Memory, cancellationToken).ConfigureAwait(false);
        await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
        DateTime? now = null;
        await foreach (var stored in access.Store.ListAsync(name, cancellationToken).ConfigureAwait(false))
            now = stored.CreatedAt;
        try
        {
            await access.Store.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.PermissionDenied)
        {
            // Who may only create leaves it to the next run that may delete.
        }

        return now;
    }
}
