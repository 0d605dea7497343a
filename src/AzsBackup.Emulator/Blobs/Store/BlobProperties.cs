namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>Everything about a blob but its bytes. Replaced as a whole on each change, so a reader that holds one sees no half of a change.</summary>
internal sealed record BlobProperties
{
    public required ETag ETag { get; init; }

    public required DateTimeOffset LastModified { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public BlobHeaders Headers { get; init; } = new();

    /// <summary>Names keep their case and their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    /// <summary>Page blobs only.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>The copy the blob was made by; null if by none, or if it was changed since in a way that ends the story.</summary>
    public BlobCopy? Copy { get; init; }

    /// <summary>The properties of a blob that is made now.</summary>
    public static BlobProperties Fresh(ServiceClock clock)
    {
        var now = clock.Stamp();
        return new BlobProperties { ETag = new ETag(now.UtcTicks), LastModified = now, CreatedAt = now };
    }

    /// <summary>These properties, changed now: with a new ETag and a new time.</summary>
    public BlobProperties Touched(ServiceClock clock)
    {
        var now = clock.Stamp();
        return this with { ETag = new ETag(now.UtcTicks), LastModified = now };
    }
}
