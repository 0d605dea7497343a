using System.Security.Cryptography;
using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Proofs;
using AzsBackup.Vault.Removal;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault.Verification;

/// <summary>Looks at one point: its header, its marks, its parts, and whether its chunks are there and whole.</summary>
/// <param name="access">The vault.</param>
/// <param name="probe">Reads.</param>
/// <param name="chunks">What is known of chunks.</param>
/// <param name="folder">The point.</param>
internal sealed class PointAudit(VaultAccess access, ObjectProbe probe, ChunkAudit chunks, PointFolder folder)
{
    private readonly List<DamagedObject> _objects = [];
    private readonly HashSet<(ChunkName Name, int Generation)> _chunks = [];

    /// <summary>Objects of the point that are damaged or missing.</summary>
    public IReadOnlyList<DamagedObject> Objects => _objects;

    /// <summary>Chunks it refers to and that are damaged or missing.</summary>
    public IReadOnlyCollection<(ChunkName Name, int Generation)> Chunks => _chunks;

    /// <summary>Whether there is such a point: not if it was given up or is being removed.</summary>
    public bool Exists { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string name = ObjectNames.Point(folder.Name);
        var marks = await new MarkLog(access, folder.Name).ReadAsync(folder.Marks, cancellationToken).ConfigureAwait(false);
        if (marks.Removing)
            return;
        PointDocument? point = null;
        Exists = true;
        var finding = await probe.LookAsync(ObjectRole.Point, name, Parse, cancellationToken).ConfigureAwait(false);
        if (finding is { Kind: VaultDamageKind.Missing })
        {
            // Removed since the listing.
            Exists = false;
            return;
        }

        if (finding is not null)
            _objects.Add(new DamagedObject(name, finding, true, stored => probe.Examine(ObjectRole.Point, name, stored, Parse) is null && Exists));
        if (!Exists)
            return;
        await LookAtMarksAsync(cancellationToken).ConfigureAwait(false);
        await LookAtProofsAsync(cancellationToken).ConfigureAwait(false);
        if (point is not null)
        {
            await LookAtPartsAsync(point, cancellationToken).ConfigureAwait(false);
            if (_objects.Exists(part => part.Finding.Kind == VaultDamageKind.Missing) && await IsGoneAsync(cancellationToken).ConfigureAwait(false))
                Forget();
        }

        string? Parse(ReadOnlyMemory<byte> content)
        {
            Exists = !content.IsEmpty;
            if (!Exists)
                return null;
            try
            {
                point = PointDocument.Read(content.Span, name, folder.PointId);
                return point.Streams.Any(stream => stream.Length < 0) ? "its content does not describe this point." : null;
            }
            catch (AzsException exception) when (exception.ErrorId == "PointDamaged")
            {
                return "its content does not describe this point.";
            }
        }
    }

    /// <summary>Whether the point is gone by now: removing deletes the header first.</summary>
    public async Task<bool> IsGoneAsync(CancellationToken cancellationToken)
    {
        using var header = await access.FindSealedAsync(ObjectNames.Point(folder.Name), cancellationToken).ConfigureAwait(false);
        return header is null;
    }

    /// <summary>Says nothing of this point: it was removed meanwhile.</summary>
    public void Forget()
    {
        Exists = false;
        _objects.Clear();
        _chunks.Clear();
    }

    private async Task LookAtMarksAsync(CancellationToken cancellationToken)
    {
        foreach (int number in MarkNumbers.WithGaps(folder.Marks.Select(mark => mark.Number).Order()))
            await LookAtMarkAsync(number).ConfigureAwait(false);

        async Task LookAtMarkAsync(int number)
        {
            string name = MaintenanceNames.Mark(folder.Name, number);
            var finding = await probe.LookAsync(ObjectRole.Mark, name, MarkDocument.Examine, cancellationToken).ConfigureAwait(false);
            if (finding is not null)
                _objects.Add(new DamagedObject(name, finding, false, stored => probe.Examine(ObjectRole.Mark, name, stored, MarkDocument.Examine) is null));
        }
    }

    private async Task LookAtProofsAsync(CancellationToken cancellationToken)
    {
        foreach (var proof in folder.Proofs)
        {
            string name = ProofNames.Proof(folder.Name, proof.Id);
            var finding = await probe.LookAsync(ObjectRole.Proof, name, ProofDocument.Examine, cancellationToken).ConfigureAwait(false);

            // Nothing names it: one that is gone was deleted since the listing, with its point.
            if (finding is not null and not { Kind: VaultDamageKind.Missing })
                _objects.Add(new DamagedObject(name, finding, false, stored => probe.Examine(ObjectRole.Proof, name, stored, ProofDocument.Examine) is null));
        }
    }

    private async Task LookAtPartsAsync(PointDocument point, CancellationToken cancellationToken)
    {
        for (int stream = 0; stream < point.Streams.Count; stream++)
        {
            foreach (var entry in point.Streams[stream].Pages)
            {
                IndexPage? page = null;
                string name = ObjectNames.IndexPage(folder.Name, stream, entry.Page);
                long length = point.Streams[stream].Length;
                await LookAtPartAsync(ObjectRole.Index, name, entry.Sha256, content =>
                {
                    page = IndexPage.Read(content.Span, entry.Page, access.Info.ChunkSize, length);
                    return page is null ? "it is not a page of this stream's index." : null;
                }).ConfigureAwait(false);
                for (int i = 0; i < page?.Count; i++)
                {
                    var (chunk, generation) = page.ChunkAt(i);
                    if (await chunks.FindAsync(chunk, generation, cancellationToken).ConfigureAwait(false) is not null)
                        _chunks.Add((chunk, generation));
                }
            }
        }

        for (int i = 0; i < point.Documents.Count; i++)
        {
            long length = point.Documents[i].Length;
            await LookAtPartAsync(ObjectRole.Document, ObjectNames.Document(folder.Name, i), point.Documents[i].Sha256,
                content => content.Length == length ? null : "its length is not the one the point names.").ConfigureAwait(false);
        }

        async Task LookAtPartAsync(ObjectRole role, string name, string sha256, Func<ReadOnlyMemory<byte>, string?> examine)
        {
            var finding = await probe.LookAsync(name, ObjectSealer.MaximumContent + ObjectSealer.Overhead, Examine, cancellationToken).ConfigureAwait(false);
            if (finding is not null)
                _objects.Add(new DamagedObject(name, finding, true, stored => Examine(stored) is null));

            Finding? Examine(PooledBuffer stored)
            {
                // Opening changes the bytes, so the hash comes first; but what does not open at all is damaged, not exchanged.
                string hash = Convert.ToHexString(SHA256.HashData(stored.Span)).ToLowerInvariant();
                return probe.Examine(role, name, stored, content => hash == sha256 ? examine(content) : "it is not the object that was published with the point.");
            }
        }
    }
}
