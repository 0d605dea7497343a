using System.Security.Cryptography;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Sessions;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault.Copying;

/// <summary>Copies one point in the order of FORMAT.md §8: chunks durable, then its parts, then point.json, all as they are stored.</summary>
internal sealed class PointTransfer(VaultAccess source, VaultAccess destination, string sessionId, DestinationChunks there, ChunkTransfer chunks)
{
    /// <summary>Copies a point that the destination lacks.</summary>
    /// <exception cref="Model.AzsException">The point is not whole, or was removed; <c>SessionEnded</c>; or a failure of a store.</exception>
    public async Task<ChunkTransferResult> CopyAsync(PointHeader header, string folder, IProgress<VaultCopyProgress>? progress, CancellationToken cancellationToken)
    {
        string name = ObjectNames.Point(folder);
        using var point = await source.FindSealedAsync(name, cancellationToken).ConfigureAwait(false) ?? throw await GoneAsync(header, cancellationToken).ConfigureAwait(false);
        var document = Open(point, name, header.Id);
        var streams = await PointReader.ReadStreamsAsync(source, folder, document, cancellationToken).ConfigureAwait(false);
        await ThrowIfBeingRemovedAsync(folder, header.Id, cancellationToken).ConfigureAwait(false);
        await SpareAsync(folder, streams, header.Id, cancellationToken).ConfigureAwait(false);

        long total = streams.Sum(stream => stream.StoredChunks * stream.ChunkSize);
        long done = 0;
        var result = await chunks.CopyAsync(
            streams.SelectMany(stream => stream.Chunks).Select(chunk => chunk.Chunk),
            length => progress?.Report(new VaultCopyProgress(header, Interlocked.Add(ref done, length), total, Finished: false)),
            cancellationToken).ConfigureAwait(false);
        if (result.DamagedObjects.Count > 0)
        {
            // Chunks of a point that was removed may be swept: that is no damage.
            using var still = await source.FindSealedAsync(name, cancellationToken).ConfigureAwait(false);
            return still is null ? throw await GoneAsync(header, cancellationToken).ConfigureAwait(false) : result;
        }

        await destination.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
        long bytes = point.Memory.Length + await CopyPartsAsync(folder, document, cancellationToken).ConfigureAwait(false);
        await destination.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
        await PublishAsync(header.Id, folder, document, point, cancellationToken).ConfigureAwait(false);
        return result with { BytesCopied = result.BytesCopied + bytes };
    }

    private static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant();

    private static IEnumerable<(string Name, string Sha256)> PartsOf(string folder, PointDocument point) =>
        point.Streams
            .SelectMany((stream, number) => stream.Pages.Select(page => (ObjectNames.IndexPage(folder, number, page.Page), page.Sha256)))
            .Concat(point.Documents.Select((document, number) => (ObjectNames.Document(folder, number), document.Sha256)));

    private PointDocument Open(PooledBuffer point, string name, string id)
    {
        using var opened = new PooledBuffer(point.Memory.Length);
        point.Span.CopyTo(opened.Span);
        using var content = source.Sealer.Open(ObjectRole.Point, name, opened.Span);
        return PointDocument.Read(content.Span, name, id);
    }

    /// <summary>A point that is gone was removed; unless the whole source is gone.</summary>
    private async Task<Model.AzsException> GoneAsync(PointHeader header, CancellationToken cancellationToken)
    {
        using var vault = await source.Store.FindAsync(ObjectNames.Vault, VaultDescription.MaximumLength, cancellationToken).ConfigureAwait(false);
        return vault is null ? VaultErrors.NotFound(source.Info.Location) : CopyErrors.RemovedMeanwhile(header.Id);
    }

    /// <summary>Marks are made for points that are there, and deleted last: marks without a point are a removal under way.</summary>
    private async Task ThrowIfBeingRemovedAsync(string folder, string pointId, CancellationToken cancellationToken)
    {
        await foreach (var stored in destination.Store.ListAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            if (MaintenanceNames.TryParseMark(stored.Name[folder.Length..], out _))
                throw CopyErrors.BeingRemoved(pointId, destination.Info.Location);
        }
    }

    /// <summary>Makes sure that nobody is about to delete what the point needs, or to give the point up.</summary>
    private async Task SpareAsync(string folder, IReadOnlyList<StreamIndex> streams, string pointId, CancellationToken cancellationToken)
    {
        foreach (string list in there.ListsNaming(folder, streams.SelectMany(stream => stream.Chunks).Select(chunk => chunk.Chunk)))
        {
            if (!await CondemnedAmnesty.TryAsync(destination, list, cancellationToken).ConfigureAwait(false))
                throw CopyErrors.Condemned(ObjectNames.Condemned(list), pointId);
            there.Forget(list);
        }
    }

    private async Task<long> CopyPartsAsync(string folder, PointDocument point, CancellationToken cancellationToken)
    {
        long bytes = 0;
        foreach (var (name, sha256) in PartsOf(folder, point))
        {
            using var part = await source.FindSealedAsync(name, cancellationToken).ConfigureAwait(false);
            if (part is null || Hash(part.Span) != sha256)
            {
                using var still = await source.FindSealedAsync(ObjectNames.Point(folder), cancellationToken).ConfigureAwait(false);
                throw still is null ? CopyErrors.RemovedMeanwhile(point.Id) : CopyErrors.Damaged(point.Id, [name]);
            }

            await destination.CreateAsync(name, part.Memory, cancellationToken).ConfigureAwait(false);
            bytes += part.Memory.Length;
        }

        return bytes;
    }

    private async Task PublishAsync(string id, string folder, PointDocument document, PooledBuffer point, CancellationToken cancellationToken)
    {
        // The parts are there for every sweeper to see: see PointWriter.
        await SessionProof.ThrowUnlessLivesAsync(destination, sessionId, cancellationToken).ConfigureAwait(false);

        string name = ObjectNames.Point(folder);
        await destination.Store.TryCreateAsync(name, point.Memory, cancellationToken).ConfigureAwait(false);
        await destination.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
        using var stored = await destination.FindSealedAsync(name, cancellationToken).ConfigureAwait(false);
        if (stored is not null && !stored.Span.SequenceEqual(point.Span))
            throw CopyErrors.GivenUp(id, destination.Info.Location);

        // Unlike a backup, a copy may take up a name that somebody has just removed: then parts of it may be gone.
        var there = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var part in destination.Store.ListAsync(folder, cancellationToken).ConfigureAwait(false))
            there.Add(part.Name);
        await SessionProof.ThrowUnlessSamePlaceAsync(destination, sessionId, cancellationToken).ConfigureAwait(false);
        if (stored is not null && PartsOf(folder, document).All(part => there.Contains(part.Name)))
            return;
        await destination.Store.DeleteAsync(name, CancellationToken.None).ConfigureAwait(false);
        throw CopyErrors.PartsGone(id, destination.Info.Location);
    }
}
