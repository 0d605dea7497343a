using System.Globalization;

namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>All that lies under one blob name: the blob, its snapshots, and blocks that wait for a block list. Use it within <see cref="BlobContainer"/>'s calls only.</summary>
internal sealed class BlobSlot(string name, ServiceClock clock)
{
    /// <summary>Snapshots a blob may have on a stamp (azure-stack-acs-differences).</summary>
    private const int MaxSnapshots = 1000;

    private readonly List<Blob> _snapshots = [];

    public string Name { get; } = name;

    /// <summary>What of this was last kept.</summary>
    public SavedSlot Saved { get; } = new();

    /// <summary>Guards everything else here.</summary>
    public Lock Gate { get; } = new();

    /// <summary>True when the slot is out of its container: look it up again.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>The blob's; it outlives a replacement of the blob, and covers no snapshot.</summary>
    public Lease Lease { get; } = new("blob", clock);

    /// <summary>The blob itself; null while there are only uncommitted blocks.</summary>
    public Blob? Base { get; private set; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Blob> Snapshots => _snapshots;

    /// <summary>By block id; in the order they came.</summary>
    public OrderedDictionary<string, ContentFile> Uncommitted { get; } = new(StringComparer.Ordinal);

    public bool IsEmpty => Base is null && Uncommitted.Count == 0;

    /// <summary>The blob, or its snapshot of that time.</summary>
    public Blob Find(string? snapshot) =>
        (snapshot is null ? Base : _snapshots.Find(s => s.Snapshot == snapshot)) ?? throw BlobErrors.BlobNotFound();

    /// <summary>Puts a blob in place of what was there. Snapshots stay, uncommitted blocks go.</summary>
    public void Replace(Blob blob)
    {
        // A page blob that replaces another keeps nothing of it; snapshots of the old one stay readable, as in the service.
        Base?.Dispose();
        Base = blob;
        DropUncommitted();
    }

    /// <summary>Puts back what was there before a restart; snapshots come oldest first.</summary>
    public void Restore(Blob? blob, Blob? snapshot)
    {
        Base = blob ?? Base;
        if (snapshot is not null)
            _snapshots.Add(snapshot);
    }

    /// <summary>Says that all that is here is kept.</summary>
    public void MarkSaved()
    {
        (Saved.Base, Saved.Properties, Saved.Lease) = (Base, Base?.Properties, Lease.Terms);
        foreach (var snapshot in _snapshots)
            Saved.Snapshots[snapshot.Snapshot!] = snapshot.Properties;
        foreach (var (id, content) in Uncommitted)
            Saved.Blocks[id] = content;
    }

    public Blob TakeSnapshot(IReadOnlyList<KeyValuePair<string, string>>? metadata)
    {
        var blob = Find(null);
        if (_snapshots.Count >= MaxSnapshots)
            throw BlobErrors.SnapshotCountExceeded();
        var time = clock.Stamp().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);
        // Metadata of its own makes the snapshot another version; without, it carries the blob's ETag and time.
        var properties = metadata is null ? blob.Properties : blob.Properties.Touched(clock) with { Metadata = metadata };
        var snapshot = blob.TakeSnapshot(time, properties);
        _snapshots.Add(snapshot);
        return snapshot;
    }

    public void RemoveSnapshot(Blob snapshot)
    {
        _snapshots.Remove(snapshot);
        snapshot.Dispose();
    }

    public void RemoveSnapshots()
    {
        foreach (var snapshot in _snapshots)
            snapshot.Dispose();
        _snapshots.Clear();
    }

    public void RemoveAll()
    {
        RemoveSnapshots();
        Base?.Dispose();
        Base = null;
        Lease.Drop();
        DropUncommitted();
    }

    private void DropUncommitted()
    {
        foreach (var block in Uncommitted.Values)
            block.Release();
        Uncommitted.Clear();
    }
}
