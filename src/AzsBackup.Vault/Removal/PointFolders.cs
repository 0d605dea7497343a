using AzsBackup.Vault.Format;
using AzsBackup.Vault.Maintenance;

namespace AzsBackup.Vault.Removal;

/// <summary>What a listing shows of all points, published or not.</summary>
internal sealed class PointFolders
{
    private readonly Dictionary<string, PointFolder> _byName = new(StringComparer.Ordinal);

    public IReadOnlyCollection<PointFolder> All => _byName.Values;

    /// <summary>When the youngest of all these objects was created, by the store's clock: the time was at least this.</summary>
    public DateTime NewestAt { get; private set; }

    public static Task<PointFolders> ListAsync(VaultAccess access, CancellationToken cancellationToken) =>
        ListAsync(access, ObjectNames.Points, cancellationToken);

    /// <summary>Lists some of them.</summary>
    /// <param name="access">The vault.</param>
    /// <param name="prefix">How their names begin; ends in '/'.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    public static async Task<PointFolders> ListAsync(VaultAccess access, string prefix, CancellationToken cancellationToken)
    {
        access.ThrowIfDisposed();
        var folders = new PointFolders();
        await foreach (var stored in access.Store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            if (!ObjectNames.TryParsePart(stored.Name, out string name, out string part))
                continue;
            if (!folders._byName.TryGetValue(name, out var folder))
                folders._byName.Add(name, folder = new PointFolder(name));
            folder.Add(stored, part);
            if (stored.CreatedAt > folders.NewestAt)
                folders.NewestAt = stored.CreatedAt;
        }

        return folders;
    }

    /// <summary>The published point of this id; <see langword="null"/> if there is none.</summary>
    public PointFolder? Find(string pointId) => _byName.Values.FirstOrDefault(folder => folder.PointAt is not null && folder.PointId == pointId);
}
