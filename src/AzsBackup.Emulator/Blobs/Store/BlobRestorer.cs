using System.Collections.Concurrent;

namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>Makes accounts, containers and blobs again from what <see cref="BlobFacts"/> has kept.</summary>
internal sealed class BlobRestorer(BlobFacts facts, ContentStore contents, ServiceClock clock, ConcurrentDictionary<string, StorageAccount> accounts)
{
    /// <exception cref="IOException">What was kept does not fit together.</exception>
    public void Restore()
    {
        foreach ((string name, AccountRecord record) in facts.Accounts.Load())
            accounts[name] = new StorageAccount(name, record.Keys, clock, facts) { Properties = record.ToProperties() };
        foreach ((_, ContainerRecord record) in facts.Containers.Load())
            Account(record.Account).Restore(record);
        foreach ((_, SlotRecord record) in facts.Blobs.Load())
        {
            BlobSlot slot = Slot(record);
            slot.Lease.Terms = record.Lease ?? LeaseTerms.None;
            slot.Restore(record.Blob is null ? null : Make(record.Blob), null);
        }

        // Their keys begin with the time, so they come oldest first.
        foreach ((_, SlotRecord record) in facts.Snapshots.Load())
            Slot(record).Restore(null, Make(record.Blob!));
        // Blocks come in the order in which their files were made.
        foreach (SlotRecord record in facts.Blocks.Load().Select(fact => fact.Value).OrderBy(record => record.Block!.Content))
            Slot(record).Uncommitted.Add(record.Block!.Id!, contents.Claim(record.Block.Content, record.Block.Length));
        foreach (StorageAccount account in accounts.Values)
            account.MarkSaved();
        contents.RemoveUnclaimed();
    }

    private StorageAccount Account(string name) =>
        accounts.GetValueOrDefault(name) ?? throw new IOException($"The state names the storage account {name}, which is not there.");

    /// <summary>The slot; and its container, if that was being made by a request that was cut off when another had put a blob there.</summary>
    private BlobSlot Slot(SlotRecord record)
    {
        StorageAccount account = Account(record.Account);
        return (account.Find(record.Container) ?? account.Add(record.Container, null, [])!).Restore(record.Name);
    }

    private Blob Make(BlobRecord record)
    {
        clock.StartBehind(record.Properties.LastModified);
        if (record.Snapshot is { } time)
            clock.StartBehind(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture));
        return record.Type switch
        {
            PageBlob.TypeName when record.Volume is { } volume => new PageBlob(record.Properties, volume, record.OwnsVolume) { Snapshot = record.Snapshot },
            BlockBlob.TypeName when record.Blocks is { } blocks => new BlockBlob(record.Properties, [.. blocks.Select(Block)]) { Snapshot = record.Snapshot },
            AppendBlob.TypeName when record.Blocks is { } blocks => new AppendBlob(record.Properties, [.. blocks.Select(Block)]) { Snapshot = record.Snapshot },
            _ => throw new IOException($"The state holds a blob of the type {record.Type} that cannot be made again."),
        };
    }

    private BlobBlock Block(BlockRecord record) => new(record.Id, contents.Claim(record.Content, record.Length));
}
