using System.Security.Cryptography;
using System.Text.Json;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault.Sessions;

/// <summary>Publishes a point in the order of FORMAT.md §8: chunks durable, then index pages and documents, then point.json.</summary>
internal sealed class PointWriter(VaultAccess access, string sessionId, KnownChunks known, CondemnedChunks condemned)
{
    public async Task<string> PublishAsync(PointDraft draft, CancellationToken cancellationToken)
    {
        ThrowIfContradictory(draft);
        string id = access.Runtime.Random.NewId();
        string folder = ObjectNames.PointFolder(access.Keys.NameSource(draft.Source), access.Keys.NameItem(draft.Source, draft.Item), id);
        await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);

        // What was condemned since the session began counts as missing from here on: it is stored again below.
        await condemned.LoadAsync(cancellationToken).ConfigureAwait(false);
        var streams = new List<PointDocument.StreamEntry>();
        foreach (var stream in draft.Streams)
            streams.Add(new(stream.Name, stream.Length, await WritePagesAsync(folder, streams.Count, stream, cancellationToken).ConfigureAwait(false)));
        var documents = new List<PointDocument.DocumentEntry>();
        foreach (var (name, content) in draft.Documents.OrderBy(document => document.Key, StringComparer.Ordinal))
        {
            string sha256 = await WriteAsync(ObjectRole.Document, ObjectNames.Document(folder, documents.Count), content, cancellationToken).ConfigureAwait(false);
            documents.Add(new(name, content.Length, sha256));
        }

        await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);

        // The pages are there for every sweeper to see. One that took this session for dead said so before it looked for pages:
        // if it has not said so by now, it will find them.
        await SessionProof.ThrowUnlessLivesAsync(access, sessionId, cancellationToken).ConfigureAwait(false);

        var point = new PointDocument
        {
            PointVersion = PointDocument.CurrentVersion,
            Id = id,
            Source = draft.Source,
            Item = draft.Item,
            CreatedAt = JsonTime.Write(draft.CreatedAt),
            Details = draft.Details,
            Streams = streams,
            Documents = documents,
        };
        string pointHash = await WriteAsync(ObjectRole.Point, ObjectNames.Point(folder), point.Write(), cancellationToken).ConfigureAwait(false);
        await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);

        // A sweeper that gave this point up may have taken its name in the same moment, and that object stays for ever. If there
        // is none, the point was published and somebody has removed it already.
        using var stored = await access.FindSealedAsync(ObjectNames.Point(folder), cancellationToken).ConfigureAwait(false);
        if (stored is not null && Hash(stored.Span) != pointHash)
            throw VaultErrors.SessionEnded(sessionId);
        await SessionProof.ThrowUnlessSamePlaceAsync(access, sessionId, cancellationToken).ConfigureAwait(false);
        return id;
    }

    private static void ThrowIfContradictory(PointDraft draft)
    {
        // A zero character separates source and item where their names are made.
        Require(draft.Source.Length > 0 && !draft.Source.Contains('\0', StringComparison.Ordinal), "The source is empty or holds a zero character.");
        Require(draft.Item.Length > 0 && !draft.Item.Contains('\0', StringComparison.Ordinal), "The item is empty or holds a zero character.");
        Require(draft.CreatedAt.Kind == DateTimeKind.Utc, "The point's time is not UTC.");
        Require(draft.Details.ValueKind == JsonValueKind.Object, "The details are no JSON object.");
        Require(draft.Streams.DistinctBy(stream => stream.Name, StringComparer.Ordinal).Count() == draft.Streams.Count, "Two streams have one name.");
        Require(draft.Streams.All(stream => stream.Length is >= 0 and <= PointDocument.MaximumStreamLength), "A stream has a negative length, or one of more than an exbibyte.");
        Require(draft.Documents.Values.All(document => document.Length <= ObjectSealer.MaximumContent), "A document is longer than 64 MiB.");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new ArgumentException(message);
    }

    private async Task<IReadOnlyList<PointDocument.PageEntry>> WritePagesAsync(
        string folder, int number, StreamDraft stream, CancellationToken cancellationToken)
    {
        int chunkSize = access.Info.ChunkSize;
        var pages = new List<PointDocument.PageEntry>();
        var chunks = new List<StreamChunk>();
        long previous = -1;
        foreach (var chunk in stream.Chunks)
        {
            Require(chunk.Number > previous, $"The chunks of stream '{stream.Name}' do not ascend at {chunk.Number}.");
            Require(chunk.Number < (stream.Length + chunkSize - 1) / chunkSize, $"Stream '{stream.Name}' ends before its chunk {chunk.Number}.");
            previous = chunk.Number;
            if (chunk.Chunk.IsZero)
                continue;
            Require(
                chunk.Chunk.Length == Math.Min(chunkSize, stream.Length - chunk.Number * chunkSize),
                $"Chunk {chunk.Number} of stream '{stream.Name}' has {chunk.Chunk.Length} bytes.");
            if (chunks.Count > 0 && chunks[0].Number / IndexPage.Span != chunk.Number / IndexPage.Span)
                await WritePageAsync().ConfigureAwait(false);

            // The draft may refer to what an earlier point holds; what this session knows to be there is what counts.
            int generation = await known.FindGenerationAsync(chunk.Chunk.Name, cancellationToken).ConfigureAwait(false)
                ?? await StoreAgainAsync(chunk.Chunk, cancellationToken).ConfigureAwait(false);
            chunks.Add(chunk with { Chunk = chunk.Chunk with { Generation = generation } });
        }

        if (chunks.Count > 0)
            await WritePageAsync().ConfigureAwait(false);
        return pages;

        async Task WritePageAsync()
        {
            int page = (int)(chunks[0].Number / IndexPage.Span);
            using var content = IndexPage.Write(page, chunkSize, stream.Length, chunks);
            string name = ObjectNames.IndexPage(folder, number, page);
            pages.Add(new(page, await WriteAsync(ObjectRole.Index, name, content.Memory, cancellationToken).ConfigureAwait(false)));
            chunks.Clear();
        }
    }

    /// <summary>Stores a condemned chunk as its next generation, from the object that is still there.</summary>
    private async Task<int> StoreAgainAsync(ChunkReference chunk, CancellationToken cancellationToken)
    {
        string oldName = ObjectNames.Chunk(chunk.Name, chunk.Generation);
        int generation = known.NextGeneration(chunk.Name);
        if (generation == 0)
            throw VaultErrors.ChunkMissing(oldName);
        using var plain = new PooledBuffer(chunk.Length);
        await new ChunkReader(access).ReadAsync(chunk.Name, chunk.Generation, plain.Memory, cancellationToken).ConfigureAwait(false);
        string name = ObjectNames.Chunk(chunk.Name, generation);
        using var sealedChunk = access.Sealer.Seal(ObjectRole.Chunk, name, plain.Span);
        await access.Store.TryCreateAsync(name, sealedChunk.Memory, cancellationToken).ConfigureAwait(false);
        known.Add(chunk.Name, generation);
        return generation;
    }

    private static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant();

    /// <returns>The SHA-256 of the sealed object, in hex.</returns>
    private async Task<string> WriteAsync(ObjectRole role, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var sealedContent = access.Sealer.Seal(role, name, content.Span);
        await access.CreateAsync(name, sealedContent.Memory, cancellationToken).ConfigureAwait(false);
        return Hash(sealedContent.Span);
    }
}
