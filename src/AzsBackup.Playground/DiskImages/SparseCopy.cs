namespace AzsBackup.Playground.DiskImages;

/// <summary>A copy of a file that leaves holes where the original holds zeros, on file systems that have holes.</summary>
internal static class SparseCopy
{
    private const int BlockSize = 1 << 20;

    /// <summary>Copies a file to a new one.</summary>
    public static async Task CreateAsync(string source, string destination, CancellationToken cancellationToken)
    {
        await using var from = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0, FileOptions.SequentialScan);
        await using var to = new FileStream(destination, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0);
        to.SetLength(from.Length);
        var block = new byte[BlockSize];
        for (long offset = 0; offset < from.Length;)
        {
            var length = await from.ReadAtLeastAsync(block, BlockSize, throwOnEndOfStream: false, cancellationToken);
            if (length == 0)
                throw new PlaygroundException($"{source} became shorter while it was copied. Use an image that nothing writes to.");
            if (block.AsSpan(0, length).ContainsAnyExcept((byte)0))
            {
                to.Position = offset;
                await to.WriteAsync(block.AsMemory(0, length), cancellationToken);
            }

            offset += length;
        }
    }
}
