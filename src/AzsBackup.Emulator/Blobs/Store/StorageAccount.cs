namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>An account: its keys and its containers.</summary>
internal sealed class StorageAccount(string name, IReadOnlyList<byte[]> keys, ServiceClock clock)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, BlobContainer> _containers = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    /// <summary>The keys that signatures may be made with; replaced as a whole.</summary>
    public IReadOnlyList<byte[]> Keys { get; set; } = keys;

    /// <summary>What is set for the service as a whole; replaced as a whole.</summary>
    public ServiceProperties Properties { get; set; } = new();

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
            var added = new BlobContainer(container, clock) { PublicAccess = publicAccess };
            added.Properties = added.Properties with { Metadata = metadata };
            return _containers[container] = added;
        }
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

    public void Delete()
    {
        foreach (var container in List("", "", int.MaxValue))
            Remove(container);
    }
}
