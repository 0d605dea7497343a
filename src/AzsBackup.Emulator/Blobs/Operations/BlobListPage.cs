using AzsBackup.Emulator.Blobs.Http;
using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>One page of a blob list: the entries and where the next page begins. Within a name, snapshots come first, oldest first; the blob follows.</summary>
internal sealed class BlobListPage
{
    /// <summary>Sorts behind every snapshot's time: the place of the blob itself.</summary>
    private const string Base = "~";

    private readonly ListParameters _parameters;
    private readonly List<BlobListEntry> _entries = [];

    public BlobListPage(BlobContainer container, ListParameters parameters)
    {
        _parameters = parameters;
        var (from, snapshot) = parameters.Position();
        while (NextMarker.Length == 0)
        {
            var slots = container.List(from, parameters.Prefix, parameters.Delimiter.Length > 0 ? 100 : parameters.Count + 1);
            if (slots.Count == 0)
                return;
            foreach (var slot in slots)
            {
                if (Group(slot.Name) is { } group)
                {
                    Add(new BlobListEntry(group, null, null, 0, ""), Base);
                    // Names are ordered by their UTF-16 units, so this sorts behind every name of the group.
                    from = group + char.MaxValue;
                    break;
                }

                foreach (var (entry, position) in Entries(slot))
                {
                    if (slot.Name != from || string.CompareOrdinal(position, snapshot) >= 0)
                        Add(entry, position);
                }

                from = slot.Name + "\0";
                if (NextMarker.Length > 0)
                    return;
            }
        }
    }

    public IReadOnlyList<BlobListEntry> Found => _entries;

    /// <summary>Empty when the list ends here.</summary>
    public string NextMarker { get; private set; } = "";

    private void Add(BlobListEntry entry, string position)
    {
        if (_entries.Count < _parameters.Count)
            _entries.Add(entry);
        else if (NextMarker.Length == 0)
            NextMarker = ListParameters.ToMarker(entry.Name, position);
    }

    private string? Group(string name)
    {
        if (_parameters.Delimiter.Length == 0)
            return null;
        var at = name.IndexOf(_parameters.Delimiter, _parameters.Prefix.Length, StringComparison.Ordinal);
        return at < 0 ? null : name[..(at + _parameters.Delimiter.Length)];
    }

    private List<(BlobListEntry Entry, string Position)> Entries(BlobSlot slot)
    {
        var entries = new List<(BlobListEntry, string)>();
        lock (slot.Gate)
        {
            if (_parameters.Includes("snapshots"))
                entries.AddRange(slot.Snapshots.Select(s => (Entry(slot, s), s.Snapshot!)));
            if (slot.Base is { } blob)
                entries.Add((Entry(slot, blob), Base));
            else if (slot.Uncommitted.Count > 0 && _parameters.Includes("uncommittedblobs"))
                entries.Add((new BlobListEntry(slot.Name, null, new BlobProperties { ETag = default, LastModified = default, CreatedAt = default }, 0, BlockBlob.TypeName, LeaseHeaders.Words(slot.Lease)), Base));
        }

        return entries;
    }

    private static BlobListEntry Entry(BlobSlot slot, Blob blob) =>
        new(slot.Name, blob.Snapshot, blob.Properties, blob.Length, blob.Type, blob.Snapshot is null ? LeaseHeaders.Words(slot.Lease) : null);
}
