using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Removal;

namespace AzsBackup.Vault.Proofs;

/// <summary>
/// Keeps the results of trying out points, each as an object beside its point, written once. In an encrypted vault nobody
/// without its key can make or change one; without encryption only damage is noticed (FORMAT.md §16).
/// </summary>
/// <param name="vault">The vault; must stay open.</param>
public sealed class PointProofs(BackupVault vault)
{
    // Of a point that failed many times in a row, nobody looks further back.
    private const int MostRead = 16;

    private readonly VaultAccess _access = vault.Access;

    /// <summary>Keeps a proof. Needs to create, read and list only.</summary>
    /// <param name="pointId">The point's id.</param>
    /// <param name="proof">What was found.</param>
    /// <param name="cancellationToken">Stops it; then the proof is kept or not.</param>
    /// <exception cref="AzsException"><c>PointNotFound</c>: also if the point is removed meanwhile; or a failure of the store, <c>PermissionDenied</c> where nothing may be created.</exception>
    public async Task KeepAsync(string pointId, PointProof proof, CancellationToken cancellationToken)
    {
        if (!ProofDocument.IsLevel(proof.Level))
            throw new ArgumentException($"'{proof.Level}' is not a level.", nameof(proof));
        var folder = await FindAsync(pointId, cancellationToken).ConfigureAwait(false);
        var document = new ProofDocument
        {
            ProofVersion = ProofDocument.CurrentVersion,
            Point = pointId,
            Level = proof.Level,
            Passed = proof.Passed,
            StartedAt = JsonTime.Write(proof.StartedAt),
            Milliseconds = (long)proof.Duration.TotalMilliseconds,
            By = Cut(proof.By),
            Statement = Cut(proof.Statement),
        };
        string name = ProofNames.Proof(folder.Name, _access.Runtime.Random.NewId());
        using (var content = _access.Sealer.Seal(ObjectRole.Proof, name, document.Write()))
            await _access.CreateAsync(name, content.Memory, cancellationToken).ConfigureAwait(false);
        await _access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);

        // Removing deletes the header first: a proof made after that says nothing, and the optimizer tidies it up.
        await FindAsync(pointId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>All proofs of a point, newest first by the store's clock. One that can't be read is left out: verifying reports it.</summary>
    /// <param name="pointId">The point's id.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="AzsException"><c>PointNotFound</c>, or a failure of the store.</exception>
    public async Task<IReadOnlyList<PointProof>> ListAsync(string pointId, CancellationToken cancellationToken)
    {
        var folder = await FindAsync(pointId, cancellationToken).ConfigureAwait(false);
        var proofs = new List<PointProof>();
        foreach (var stored in folder.Proofs.OrderByDescending(proof => proof.CreatedAt))
        {
            if (await ReadAsync(_access, folder, stored.Id, cancellationToken).ConfigureAwait(false) is { } proof)
                proofs.Add(proof);
        }

        return proofs;
    }

    /// <summary>The newest proof that passed, of those that a listing showed.</summary>
    internal static async Task<PointProof?> FindLastPassedAsync(VaultAccess access, PointFolder folder, CancellationToken cancellationToken)
    {
        foreach (var stored in folder.Proofs.OrderByDescending(proof => proof.CreatedAt).Take(MostRead))
        {
            if (await ReadAsync(access, folder, stored.Id, cancellationToken).ConfigureAwait(false) is { Passed: true } proof)
                return proof;
        }

        return null;
    }

    private static async Task<PointProof?> ReadAsync(VaultAccess access, PointFolder folder, string id, CancellationToken cancellationToken)
    {
        try
        {
            using var content = await access.FindAsync(ObjectRole.Proof, ProofNames.Proof(folder.Name, id), cancellationToken).ConfigureAwait(false);
            if (content is null || ProofDocument.Read(content.Span) is not { } document || document.Point != folder.PointId)
                return null;
            JsonTime.TryRead(document.StartedAt, out var startedAt);
            return new PointProof
            {
                Level = document.Level,
                Passed = document.Passed,
                StartedAt = startedAt,
                Duration = TimeSpan.FromMilliseconds(document.Milliseconds),
                By = document.By,
                Statement = document.Statement,
            };
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
        {
            return null;
        }
    }

    private async Task<PointFolder> FindAsync(string pointId, CancellationToken cancellationToken)
    {
        var folder = (await PointFolders.ListAsync(_access, cancellationToken).ConfigureAwait(false)).Find(pointId);
        return folder ?? throw VaultErrors.PointNotFound(pointId, _access.Info.Location);
    }

    private static string Cut(string text) => text.Length <= ProofDocument.MaximumText ? text : text[..ProofDocument.MaximumText];
}
