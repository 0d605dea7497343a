using System.Globalization;
using AzsBackup.Emulator.Persistence;

namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>Keeps accounts, containers and what lies under blob names, so that they survive a restart; the bytes keep themselves. Does nothing without a database.</summary>
/// <remarks>
/// A request that changes something under one blob name is kept as a whole by <see cref="BlobContainer.Change{T}"/>, one on a container by
/// <see cref="BlobContainer.ChangeSelf"/>, before its answer. New properties of blobs, containers and policies are kept without anything
/// being done for it here; a new type of blob says what it consists of in <see cref="Blob.ToRecord"/> and is made again in <see cref="BlobRestorer"/>.
/// </remarks>
internal sealed class BlobFacts(StateDatabase? database)
{
    public FactTable<AccountRecord> Accounts { get; } = new(database, "account");

    public FactTable<ContainerRecord> Containers { get; } = new(database, "container");

    /// <summary>Blobs and their leases.</summary>
    public FactTable<SlotRecord> Blobs { get; } = new(database, "blob");

    public FactTable<SlotRecord> Snapshots { get; } = new(database, "blob snapshot");

    /// <summary>Blocks that wait for a block list.</summary>
    public FactTable<SlotRecord> Blocks { get; } = new(database, "block");

    /// <summary>Begins a change on this thread, see <see cref="StateDatabase.Begin"/>.</summary>
    public StateChange? Begin() => database?.Begin();

    public void Save(StorageAccount account) => Accounts.Set(account.Name, AccountRecord.Of(account));

    public void Remove(StorageAccount account) => Accounts.Remove(account.Name);

    public void Save(BlobContainer container)
    {
        if (database is not null)
            Containers.Set(Key(container), new ContainerRecord(container.Account, container.Name, container.Properties, container.PublicAccess, [.. container.Policies], container.Lease.Terms));
    }

    public void Remove(BlobContainer container) => Containers.Remove(Key(container));

    /// <summary>Keeps what has changed under a name since the last time. The caller holds the slot's gate.</summary>
    public void Save(BlobContainer container, BlobSlot slot)
    {
        if (database is null)
            return;
        SavedSlot saved = slot.Saved;
        LeaseTerms lease = slot.Lease.Terms;
        if (!ReferenceEquals(saved.Base, slot.Base) || !ReferenceEquals(saved.Properties, slot.Base?.Properties) || saved.Lease != lease)
        {
            string key = $"{Key(container)}/{slot.Name}";
            if (slot.Base is null && lease == LeaseTerms.None)
                Blobs.Remove(key);
            else
                Blobs.Set(key, Record(container, slot) with { Blob = slot.Base?.ToRecord(), Lease = lease });
            (saved.Base, saved.Properties, saved.Lease) = (slot.Base, slot.Base?.Properties, lease);
        }

        SaveSnapshots(container, slot);
        SaveBlocks(container, slot);
    }

    private static string Key(BlobContainer container) => $"{container.Account}/{container.Name}";

    private static string SnapshotKey(BlobContainer container, BlobSlot slot, string time) => $"{Key(container)}/{time}/{slot.Name}";

    // Ids may hold anything: their length tells where the name begins.
    private static string BlockKey(BlobContainer container, BlobSlot slot, string id) =>
        string.Create(CultureInfo.InvariantCulture, $"{Key(container)}/{id.Length}/{id}{slot.Name}");

    private static SlotRecord Record(BlobContainer container, BlobSlot slot) => new(container.Account, container.Name, slot.Name);

    private void SaveSnapshots(BlobContainer container, BlobSlot slot)
    {
        Dictionary<string, BlobProperties> saved = slot.Saved.Snapshots;
        foreach (Blob snapshot in slot.Snapshots)
        {
            if (ReferenceEquals(saved.GetValueOrDefault(snapshot.Snapshot!), snapshot.Properties))
                continue;
            Snapshots.Set(SnapshotKey(container, slot, snapshot.Snapshot!), Record(container, slot) with { Blob = snapshot.ToRecord() });
            saved[snapshot.Snapshot!] = snapshot.Properties;
        }

        if (saved.Count == slot.Snapshots.Count)
            return;
        HashSet<string> left = [.. slot.Snapshots.Select(snapshot => snapshot.Snapshot!)];
        foreach (string gone in saved.Keys.Where(time => !left.Contains(time)).ToList())
        {
            Snapshots.Remove(SnapshotKey(container, slot, gone));
            saved.Remove(gone);
        }
    }

    private void SaveBlocks(BlobContainer container, BlobSlot slot)
    {
        Dictionary<string, ContentFile> saved = slot.Saved.Blocks;
        foreach ((string id, ContentFile content) in slot.Uncommitted)
        {
            if (ReferenceEquals(saved.GetValueOrDefault(id), content))
                continue;
            Blocks.Set(BlockKey(container, slot, id), Record(container, slot) with { Block = BlockRecord.Of(id, content) });
            saved[id] = content;
        }

        if (saved.Count == slot.Uncommitted.Count)
            return;
        foreach (string gone in saved.Keys.Where(id => !slot.Uncommitted.ContainsKey(id)).ToList())
        {
            Blocks.Remove(BlockKey(container, slot, gone));
            saved.Remove(gone);
        }
    }
}
