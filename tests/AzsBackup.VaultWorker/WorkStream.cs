using AzsBackup.Vault;

namespace AzsBackup.VaultWorker;

/// <summary>The disks that the worker backs up: known to whoever knows the seed.</summary>
public static class WorkStream
{
    /// <summary>The chunk size of the worker's vaults, in bytes.</summary>
    public const int ChunkSize = VaultOptions.MinimumChunkSize;

    /// <summary>Some chunks that are the same for many seeds, some of its own, some zeros; a short last one.</summary>
    /// <param name="seed">0 or more.</param>
    public static byte[] Make(int seed)
    {
        byte[] stream = new byte[(4 + seed % 4) * ChunkSize + 1 + seed % 1000];
        for (int start = 0, i = 0; start < stream.Length; start += ChunkSize, i++)
        {
            var chunk = stream.AsSpan(start, Math.Min(ChunkSize, stream.Length - start));
            if (i % 4 == 0)
                new Random(seed * 31 + i).NextBytes(chunk);
            else if (i % 4 != 3)
                new Random(seed / (i % 4 * 5) + 1_000_000 * i).NextBytes(chunk);
        }

        return stream;
    }
}
