using AzsBackup.Vault.Format;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault.Copying;

/// <summary>Which points a store has an object for, published or given up.</summary>
internal sealed class FolderListing
{
    private readonly HashSet<string> _points = new(StringComparer.Ordinal);

    public static async Task<FolderListing> ReadAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var listing = new FolderListing();
        await foreach (var stored in store.ListAsync(ObjectNames.Points, cancellationToken).ConfigureAwait(false))
        {
            if (ObjectNames.TryParsePoint(stored.Name, out string folder, out _))
                listing._points.Add(folder);
        }

        return listing;
    }

    public bool HasPoint(string folder) => _points.Contains(folder);
}
