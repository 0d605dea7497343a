namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>An account: its keys and its containers.</summary>
internal sealed class StorageAccount(string name, IReadOnlyList<byte[]> keys, ServiceClock clock, BlobFacts facts)
{
    private readonly Lock _self = new(); // one change of the account itself at a time
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, BlobContainer> _containers = new(StringComparer.Ordinal);
    private bool _isDeleted;

    public string Name { get; } = name;

    /// <summary>The keys that signatures may be made with; replaced as a whole.</summary>
    public IReadOnlyList<byte[]> Keys { get; set; } = keys;

    /// <summary>What is set for the service as a whole; replaced as a whole.</summary>
    public ServiceProperties Properties { get; set; } = new();

    /// <summary>Changes the account's own keys or properties; one change at a time.</summary>
    public void ChangeSelf(Action change)
    {
        lock (_self)
        {
            using var kept = facts.Begin();
            change();
            if (!_isDeleted)
                facts.Save(this);
        }
    }

    public BlobContainer? Find(string container)
    {
        lock (_gate)
            return _containers.GetValueOrDefault(container);
    }

    /// <summary>Makes a container; null if there is one of that name.</summary>
    public BlobContainer? Add(string container, string? publicAccess, IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        lock (_gate)
        {
            if (_containers.ContainsKey(container))
                return null;
            var added = new BlobContainer(Name, container, clock, facts) { PublicAccess = publicAccess };
            added.Properties = added.Properties with { Metadata = metadata };
            facts.Save(added);
            return _containers[container] = added;
        }
    }

    /// <summary>Puts back a container that was there before a restart.</summary>
    public void Restore(ContainerRecord record)
    {
        clock.StartBehind(record.Properties.LastModified);
        var container = new BlobContainer(Name, record.Name, clock, facts)
        {
            Properties = record.Properties,
            PublicAccess = record.PublicAccess,
            Policies = new OrderedDictionary<string, AccessPolicy>(record.Policies, StringComparer.Ordinal),
        };
        container.Lease.Terms = record.Lease;
        _containers[record.Name] = container;
    }

    /// <summary>Says that all that is here is kept.</summary>
    public void MarkSaved()
    {
        foreach (var container in _containers.Values)
            container.MarkSaved();
    }

    public void Remove(BlobContainer container)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_containers.GetValueOrDefault(container.Name), container))
                _containers.Remove(container.Name);
        }

        container.Delete();
    }

    /// <summary>The containers from a name on that begin with a prefix, at most so many, in order.</summary>
    public IReadOnlyList<BlobContainer> List(string from, string prefix, int count)
    {
        lock (_gate)
            return [.. _containers.Values.Where(c => string.CompareOrdinal(c.Name, from) >= 0 && c.Name.StartsWith(prefix, StringComparison.Ordinal)).Take(count)];
    }

    /// <summary>Removes every container; what is changed of the account from now on is not kept.</summary>
    public void Delete()
    {
        lock (_self)
        {
            _isDeleted = true;
            facts.Remove(this);
        }

        foreach (var container in List("", "", int.MaxValue))
            Remove(container);
    }
}
