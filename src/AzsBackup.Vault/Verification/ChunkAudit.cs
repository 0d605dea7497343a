using System.Runtime.CompilerServices;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Maintenance;

namespace AzsBackup.Vault.Verification;

/// <summary>Lists all chunks and reads those that are chosen, many at once. Memory: some 25 bytes for each chunk listed, and the buffers of what is read at the time.</summary>
/// <param name="access">The vault.</param>
/// <param name="probe">Reads.</param>
/// <param name="options">Which to read.</param>
/// <param name="recent">Those verified recently enough.</param>
/// <param name="record">Takes note of chunks found right.</param>
internal sealed class ChunkAudit(VaultAccess access, ObjectProbe probe, VerifyOptions options, ChunkObjectSet recent, Func<UInt128, int, CancellationToken, Task> record)
{
    private readonly ChunkObjectSet _listed = new();
    private readonly Dictionary<(ChunkName Name, int Generation), Finding> _damaged = [];
    private long _read;
    private long _bytes;

    public long Listed => _listed.Count;

    public long Read => _read;

    public long BytesRead => _bytes;

    /// <summary>What is wrong with which chunk.</summary>
    public IReadOnlyDictionary<(ChunkName Name, int Generation), Finding> Damaged => _damaged;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var chosen = ChooseAsync(cancellationToken);
        if (options.Parallelism > 1)
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(chosen, parallel, async (chunk, stop) => await ReadAsync(chunk.Name, chunk.Generation, stop).ConfigureAwait(false)).ConfigureAwait(false);
            return;
        }

        // One at a time, in the caller's own order of things.
        await foreach (var (name, generation) in chosen.ConfigureAwait(false))
            await ReadAsync(name, generation, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What is wrong with a chunk that a point refers to; <see langword="null"/> if nothing is known. Reads it if the listing did not show it.</summary>
    public async ValueTask<Finding?> FindAsync(ChunkName name, int generation, CancellationToken cancellationToken)
    {
        lock (_damaged)
        {
            if (_damaged.TryGetValue((name, generation), out var known))
                return known;
            if (_listed.Contains(name.Prefix, generation))
                return null;
        }

        var finding = await ReadAsync(name, generation, cancellationToken).ConfigureAwait(false);
        lock (_damaged)
        {
            if (finding is null)
                _listed.Add(name.Prefix, generation);
        }

        return finding;
    }

    private async IAsyncEnumerable<(ChunkName Name, int Generation)> ChooseAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var stored in access.Store.ListAsync(ObjectNames.Chunks, cancellationToken).ConfigureAwait(false))
        {
            if (!ObjectNames.TryParseChunk(stored.Name, out var name, out int generation))
                continue;
            lock (_damaged)
                _listed.Add(name.Prefix, generation);
            if (!recent.Contains(name.Prefix, generation) && IsInSample(name.Prefix, generation))
                yield return (name, generation);
        }
    }

    private async Task<Finding?> ReadAsync(ChunkName name, int generation, CancellationToken cancellationToken)
    {
        string objectName = ObjectNames.Chunk(name, generation);
        int length = 0;
        var finding = await probe.LookAsync(
            objectName,
            access.Info.ChunkSize + ObjectSealer.Overhead,
            stored =>
            {
                length = stored.Memory.Length;
                return probe.Examine(
                    ObjectRole.Chunk, objectName, stored, plain => access.Keys.NameChunk(plain.Span) == name ? null : "its content is not what its name says.");
            },
            cancellationToken).ConfigureAwait(false);
        if (finding is not null)
        {
            lock (_damaged)
                _damaged[(name, generation)] = finding;
            return finding;
        }

        Interlocked.Increment(ref _read);
        long bytes = Interlocked.Add(ref _bytes, length);
        options.Progress?.Report(bytes);
        await record(name.Prefix, generation, cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>The same for the same seed, in whatever order chunks come. The mixing is the finalizer of SplitMix64.</summary>
    private bool IsInSample(UInt128 prefix, int generation)
    {
        if (options.SamplePercent >= 100)
            return true;
        ulong mixed = (ulong)prefix ^ ((ulong)(uint)options.Seed << 32) ^ (uint)generation;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        mixed ^= mixed >> 31;
        return mixed % 1_000_000 < options.SamplePercent * 10_000;
    }
}
