using System.Security.Cryptography;
using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault;

/// <summary>A published point, opened for reading. Safe for concurrent use as long as its vault is open.</summary>
public sealed class PointReader
{
    private readonly VaultAccess _access;
    private readonly string _folder;
    private readonly PointDocument _point;

    private PointReader(VaultAccess access, string folder, PointDocument point, PointHeader header, IReadOnlyList<StreamIndex> streams)
    {
        _access = access;
        _folder = folder;
        _point = point;
        Header = header;
        Streams = streams;
    }

    /// <summary>What the listing says of the point.</summary>
    public PointHeader Header { get; }

    /// <summary>The indexes of its streams, in the publisher's order; about 36 bytes of memory for each stored chunk.</summary>
    public IReadOnlyList<StreamIndex> Streams { get; }

    /// <summary>Reads a document and checks it.</summary>
    /// <param name="name">The document's name.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="AzsException"><c>DocumentNotFound</c>, <c>PointDamaged</c>, or a failure of the store.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadDocumentAsync(string name, CancellationToken cancellationToken)
    {
        for (int i = 0; i < _point.Documents.Count; i++)
        {
            if (_point.Documents[i].Name != name)
                continue;
            string objectName = ObjectNames.Document(_folder, i);
            using var content = await ReadPartAsync(_access, ObjectRole.Document, objectName, _point.Documents[i].Sha256, cancellationToken).ConfigureAwait(false);
            return content.Memory.Length == _point.Documents[i].Length
                ? content.Memory.ToArray()
                : throw VaultErrors.PointDamaged(objectName, "its length is not the one the point names.");
        }

        throw VaultErrors.DocumentNotFound(name, Header.Id);
    }

    /// <summary>
    /// Reads a chunk: authenticates, unpacks and hashes it again. Unpacking runs on the thread that the store's read ends on.
    /// </summary>
    /// <param name="stream">One of <see cref="Streams"/>.</param>
    /// <param name="chunkNumber">Offset in the stream divided by the chunk size.</param>
    /// <param name="destination">Where the bytes go; at least as long as the chunk. After a failure it holds zeros.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>How many bytes the chunk has.</returns>
    /// <exception cref="AzsException"><c>ChunkMissing</c>, <c>ChunkDamaged</c>, or a failure of the store.</exception>
    public async ValueTask<int> ReadChunkAsync(StreamIndex stream, long chunkNumber, Memory<byte> destination, CancellationToken cancellationToken)
    {
        _access.ThrowIfDisposed();
        int length = stream.LengthOf(chunkNumber);
        if (destination.Length < length)
            throw new ArgumentException($"The chunk has {length} bytes; there is room for {destination.Length}.", nameof(destination));
        destination = destination[..length];
        var chunk = stream.Find(chunkNumber);
        if (chunk.IsZero)
        {
            destination.Span.Clear();
            return length;
        }

        await new ChunkReader(_access).ReadAsync(chunk.Name, chunk.Generation, destination, cancellationToken).ConfigureAwait(false);
        return length;
    }

    internal static async Task<PointReader> OpenAsync(
        VaultAccess access, string folder, string id, DateTime storedAt, CancellationToken cancellationToken)
    {
        var point = await ReadPointAsync(access, folder, id, cancellationToken).ConfigureAwait(false)
            ?? throw VaultErrors.PointNotFound(id, access.Info.Location);
        var streams = await ReadStreamsAsync(access, folder, point, cancellationToken).ConfigureAwait(false);
        return new PointReader(access, folder, point, HeaderOf(point, storedAt), streams);
    }

    /// <summary>Reads and checks the indexes of a point.</summary>
    internal static async Task<IReadOnlyList<StreamIndex>> ReadStreamsAsync(
        VaultAccess access, string folder, PointDocument point, CancellationToken cancellationToken)
    {
        var streams = new List<StreamIndex>();
        foreach (var stream in point.Streams)
        {
            var pages = new List<IndexPage>();
            foreach (var entry in stream.Pages)
            {
                string name = ObjectNames.IndexPage(folder, streams.Count, entry.Page);
                using var content = await ReadPartAsync(access, ObjectRole.Index, name, entry.Sha256, cancellationToken).ConfigureAwait(false);
                pages.Add(IndexPage.Read(content.Span, entry.Page, access.Info.ChunkSize, stream.Length)
                    ?? throw VaultErrors.PointDamaged(name, "it is not a page of this stream's index."));
            }

            streams.Add(new StreamIndex(stream.Name, stream.Length, access.Info.ChunkSize, pages));
        }

        return streams;
    }

    /// <summary>Reads a point's header; <see langword="null"/> if the point is gone, or was given up before it was published.</summary>
    internal static async Task<PointDocument?> ReadPointAsync(VaultAccess access, string folder, string id, CancellationToken cancellationToken)
    {
        string name = ObjectNames.Point(folder);
        using var content = await access.FindAsync(ObjectRole.Point, name, cancellationToken).ConfigureAwait(false);
        return content is null || content.Memory.IsEmpty ? null : PointDocument.Read(content.Span, name, id);
    }

    internal static PointHeader HeaderOf(PointDocument point, DateTime storedAt) => new()
    {
        Id = point.Id,
        Source = point.Source,
        Item = point.Item,
        CreatedAt = JsonTime.TryRead(point.CreatedAt, out var createdAt) ? createdAt : default,
        StoredAt = storedAt,
        Details = point.Details,
        Streams = [.. point.Streams.Select(stream => new PointPart(stream.Name, stream.Length))],
        Documents = [.. point.Documents.Select(document => new PointPart(document.Name, document.Length))],
    };

    private static async Task<PooledBuffer> ReadPartAsync(
        VaultAccess access, ObjectRole role, string name, string sha256, CancellationToken cancellationToken)
    {
        access.ThrowIfDisposed();
        using var stored = await access.FindSealedAsync(name, cancellationToken).ConfigureAwait(false);
        if (stored is null)
        {
            // Removing a point begins with its header: without it, the point was removed meanwhile and nothing is damaged.
            string folder = name[..(name.LastIndexOf('/') + 1)];
            using var header = await access.FindSealedAsync(ObjectNames.Point(folder), cancellationToken).ConfigureAwait(false);
            throw header is null
                ? VaultErrors.PointNotFound(folder.Split('/')[^2], access.Info.Location)
                : VaultErrors.PointDamaged(name, "it is missing.");
        }

        string hash = Convert.ToHexString(SHA256.HashData(stored.Span)).ToLowerInvariant();
        if (hash != sha256)
            throw VaultErrors.PointDamaged(name, "it is not the object that was published with the point.");
        return access.Sealer.Open(role, name, stored.Span);
    }
}
