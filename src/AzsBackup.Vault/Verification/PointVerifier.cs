using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Removal;

namespace AzsBackup.Vault.Verification;

/// <summary>
/// Reads one point back, all of it, and says what is damaged (FORMAT.md §12). Needs to read and list; where it may create, it
/// remembers that the point was verified.
/// </summary>
/// <param name="vault">The vault; must stay open.</param>
/// <param name="options">How; samples, ages and repairs are for whole vaults.</param>
public sealed class PointVerifier(BackupVault vault, VerifyOptions options)
{
    private readonly VaultAccess _access = vault.Access;

    /// <summary>Verifies a point.</summary>
    /// <param name="pointId">The point's id.</param>
    /// <param name="cancellationToken">Stops it; then nothing is remembered but whole records of chunks.</param>
    /// <exception cref="AzsException"><c>PointNotFound</c>, <c>VerifyOptionsInvalid</c>, or a failure of the store as a whole.</exception>
    public async Task<PointVerifyResult> RunAsync(string pointId, CancellationToken cancellationToken)
    {
        options.Validate();
        _access.ThrowIfDisposed();
        var folder = (await PointFolders.ListAsync(_access, cancellationToken).ConfigureAwait(false)).Find(pointId)
            ?? throw VaultErrors.PointNotFound(pointId, _access.Info.Location);
        var log = new VerificationLog(_access, options.ChunksPerRecord);
        await log.BeginAsync(cancellationToken).ConfigureAwait(false);
        var probe = new ObjectProbe(_access);
        var chunks = new ChunkAudit(_access, probe, options, new ChunkObjectSet(), log.AddAsync);
        long count = await ReadChunksAsync(pointId, chunks, cancellationToken).ConfigureAwait(false);

        // What is known of chunks by now is not read again; a header or page that could not be read is looked at here.
        var audit = new PointAudit(_access, probe, chunks, folder);
        await audit.RunAsync(cancellationToken).ConfigureAwait(false);
        if (!audit.Exists || await audit.IsGoneAsync(cancellationToken).ConfigureAwait(false))
            throw VaultErrors.PointNotFound(pointId, _access.Info.Location);
        var damage = audit.Objects.Select(damaged => Describe(damaged.Name, damaged.Finding, damaged.Hurts ? [pointId] : [])).ToList();
        int healed = 0;
        foreach (var (name, generation) in audit.Chunks)
        {
            if (await new ChunkReader(_access).HasOtherAsync(name, generation, cancellationToken).ConfigureAwait(false))
                healed++;
            else
                damage.Add(Describe(ObjectNames.Chunk(name, generation), chunks.Damaged[(name, generation)], [pointId]));
        }

        var hurt = damage.Exists(damaged => damaged.PointIds.Count > 0);
        await log.EndAsync(hurt ? [] : [(pointId, log.StartedAt)], cancellationToken).ConfigureAwait(false);
        return new PointVerifyResult { StartedAt = log.StartedAt, Chunks = count, BytesRead = chunks.BytesRead, Damage = damage, Healed = healed, Recorded = log.Recording };
    }

    /// <summary>Reads each chunk of the point once, many at a time.</summary>
    private async Task<long> ReadChunksAsync(string pointId, ChunkAudit chunks, CancellationToken cancellationToken)
    {
        PointReader point;
        try
        {
            point = await vault.OpenPointAsync(pointId, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
        {
            // The audit says what of it is damaged, and looks at as many chunks as can still be told.
            return 0;
        }

        var wanted = point.Streams.SelectMany(stream => stream.Chunks).Select(chunk => (chunk.Chunk.Name, chunk.Chunk.Generation)).ToHashSet();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            wanted,
            parallel,
            async (chunk, stop) => await chunks.FindAsync(chunk.Name, chunk.Generation, stop).ConfigureAwait(false)).ConfigureAwait(false);
        return wanted.Count;
    }

    private static VaultDamage Describe(string name, Finding finding, IReadOnlyList<string> hurts) =>
        new() { ObjectName = name, Kind = finding.Kind, Description = finding.Why, PointIds = hurts };
}
