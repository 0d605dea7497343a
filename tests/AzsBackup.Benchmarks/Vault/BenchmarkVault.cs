using System.Collections.Concurrent;
using System.Security;
using System.Text.Json;
using AzsBackup.Vault;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Benchmarks.Vault;

/// <summary>How benchmarks make vaults and fill them: encrypted, as users' are.</summary>
internal static class BenchmarkVault
{
    private const int ReadLength = 4 << 20;

    public static async Task<BackupVault> CreateAsync(IObjectStore store, int chunkSize, CancellationToken cancellationToken)
    {
        using var secret = Secret();
        return await BackupVault.CreateAsync(store, new VaultOptions { ChunkSize = chunkSize }, secret, VaultRuntime.System, cancellationToken);
    }

    public static async Task<BackupVault> OpenAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        using var secret = Secret();
        return await BackupVault.OpenAsync(store, secret, VaultRuntime.System, cancellationToken);
    }

    /// <summary>Backs a file up as a disk, 4 MiB a read, on all processors.</summary>
    /// <returns>The bytes that were added to the store for its chunks.</returns>
    public static async Task<long> BackUpAsync(BackupVault vault, string path, string item, CancellationToken cancellationToken)
    {
        using var disk = File.OpenHandle(path, options: FileOptions.Asynchronous);
        long length = RandomAccess.GetLength(disk);
        int chunkSize = vault.Info.ChunkSize;
        var chunks = new StreamChunk[(length + chunkSize - 1) / chunkSize];
        var buffers = new ConcurrentBag<byte[]>();
        await using var session = await vault.BeginSessionAsync("benchmark", cancellationToken);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, (int)((length + ReadLength - 1) / ReadLength)),
            new ParallelOptions { MaxDegreeOfParallelism = 2 * Environment.ProcessorCount, CancellationToken = cancellationToken },
            async (read, stop) =>
            {
                byte[] buffer = buffers.TryTake(out byte[]? used) ? used : new byte[ReadLength];
                long start = (long)read * ReadLength;
                var content = buffer.AsMemory(0, (int)Math.Min(ReadLength, length - start));
                for (int done = 0; done < content.Length;)
                    done += await RandomAccess.ReadAsync(disk, content[done..], start + done, stop);
                for (int offset = 0; offset < content.Length; offset += chunkSize)
                {
                    long number = (start + offset) / chunkSize;
                    var chunk = content.Slice(offset, Math.Min(chunkSize, content.Length - offset));
                    chunks[number] = new StreamChunk(number, await session.PutChunkAsync(chunk, stop));
                }

                buffers.Add(buffer);
            });
        await PublishAsync(session, item, [new StreamDraft { Name = "disk", Length = length, Chunks = chunks }], cancellationToken);
        return chunks.Sum(chunk => (long)chunk.Chunk.BytesStored);
    }

    public static Task<string> PublishAsync(VaultSession session, string item, IReadOnlyList<StreamDraft> streams, CancellationToken cancellationToken) =>
        session.PublishAsync(
            new PointDraft
            {
                Source = "benchmark",
                Item = item,
                CreatedAt = DateTime.UtcNow,
                Details = JsonSerializer.SerializeToElement(new { }),
                Streams = streams,
                Documents = new Dictionary<string, ReadOnlyMemory<byte>>(),
            },
            cancellationToken);

    private static VaultSecret Secret()
    {
        using var passphrase = new SecureString();
        foreach (char character in "correct horse battery staple")
            passphrase.AppendChar(character);
        return VaultSecret.FromPassphrase(passphrase);
    }
}
