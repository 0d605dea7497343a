using System.Text.Json;

namespace AzsBackup.Vault;

/// <summary>A point to be published.</summary>
public sealed record PointDraft
{
    /// <summary>Where the item lives: for example a stack's host. Compared byte by byte: give names that ignore case in one case.</summary>
    public required string Source { get; init; }

    /// <summary>What was backed up: for example a VM's ARM id. Compared byte by byte within its source.</summary>
    public required string Item { get; init; }

    /// <summary>The time whose state the point holds (UTC).</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>Whatever the caller wants back from <see cref="PointHeader.Details"/>: a JSON object, read with every listing, so keep it small.</summary>
    public required JsonElement Details { get; init; }

    /// <summary>The streams, in the order in which readers shall see them.</summary>
    public required IReadOnlyList<StreamDraft> Streams { get; init; }

    /// <summary>Documents by name, up to 64 MiB each; read only on demand.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Documents { get; init; } = new Dictionary<string, ReadOnlyMemory<byte>>();
}
