using System.Text.Json;

namespace AzsBackup.Vault.Format;

/// <summary>point.json (FORMAT.md §7).</summary>
internal sealed record PointDocument
{
    public const int CurrentVersion = 1;

    /// <summary>An exbibyte: what is longer is a mistake, and offsets in it can be computed without overflow.</summary>
    public const long MaximumStreamLength = 1L << 60;

    public required int PointVersion { get; init; }

    public required string Id { get; init; }

    public required string Source { get; init; }

    public required string Item { get; init; }

    public required string CreatedAt { get; init; }

    public required JsonElement Details { get; init; }

    public required IReadOnlyList<StreamEntry> Streams { get; init; }

    public required IReadOnlyList<DocumentEntry> Documents { get; init; }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, VaultJson.Compact);

    /// <summary>Reads what <see cref="Write"/> wrote for this point.</summary>
    /// <exception cref="Model.AzsException"><c>PointDamaged</c>.</exception>
    public static PointDocument Read(ReadOnlySpan<byte> json, string objectName, string pointId)
    {
        try
        {
            var point = JsonSerializer.Deserialize<PointDocument>(json, VaultJson.Compact);
            if (point is { PointVersion: > CurrentVersion })
                throw VaultErrors.PointDamaged(objectName, "it was written by a newer version of AzsBackup.");
            return point is { PointVersion: CurrentVersion, Source: not null, Item: not null, CreatedAt: not null, Streams: not null, Documents: not null, Details.ValueKind: JsonValueKind.Object }
                && point.Id == pointId
                && JsonTime.TryRead(point.CreatedAt, out _)
                && point.Streams.All(stream => stream is { Name: not null, Length: >= 0 and <= MaximumStreamLength, Pages: not null } && Ascend(stream.Pages))
                && point.Documents.All(document => document is { Name: not null, Sha256: not null, Length: >= 0 })
                    ? point
                    : throw VaultErrors.PointDamaged(objectName, "its content does not describe this point.");
        }
        catch (Exception exception) when (VaultJson.IsUnreadable(exception))
        {
            throw VaultErrors.PointDamaged(objectName, "its content is not what a point is made of.", exception);
        }
    }

    private static bool Ascend(IReadOnlyList<PageEntry> pages) =>
        pages.All(page => page is { Page: >= 0, Sha256: not null }) && pages.Zip(pages.Skip(1)).All(pair => pair.First.Page < pair.Second.Page);

    internal sealed record StreamEntry(string Name, long Length, IReadOnlyList<PageEntry> Pages);

    internal sealed record PageEntry(int Page, string Sha256);

    internal sealed record DocumentEntry(string Name, long Length, string Sha256);
}
