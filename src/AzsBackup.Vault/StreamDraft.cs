namespace AzsBackup.Vault;

/// <summary>A stream to be published as part of a point.</summary>
public sealed record StreamDraft
{
    /// <summary>The stream's name; unique within the point, compared exactly.</summary>
    public required string Name { get; init; }

    /// <summary>The stream's length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>
    /// The chunks in ascending order of number; whatever is not mentioned is zeros. All have been put by the publishing
    /// session, or come from a point of the same vault. Read once, while publishing.
    /// </summary>
    public required IEnumerable<StreamChunk> Chunks { get; init; }
}
