using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Maintenance;

/// <summary>What the store's clock says: learnt by creating an object.</summary>
internal static class StoreClock
{
    /// <summary>The store's time now (UTC).</summary>
    public static async Task<DateTime> ReadAsync(VaultAccess access, CancellationToken cancellationToken)
    {
        string name = ObjectNames.Job(access.Runtime.Random.NewId());
        using (var content = access.Sealer.Seal(ObjectRole.Job, name, []))
            await access.CreateAsync(name, content.Memory, cancellationToken).ConfigureAwait(false);
        await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
        DateTime? now = null;
        await foreach (var stored in access.Store.ListAsync(name, cancellationToken).ConfigureAwait(false))
            now = stored.CreatedAt;
        await access.Store.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
        return now ?? throw VaultErrors.MaintenanceObjectDamaged(name, "it vanished right after it was created.");
    }
}
