namespace AzsBackup.Playground.DiskImages;

/// <summary>The user's own image. It is only read; its next generation is made on a copy.</summary>
internal static class UserDisk
{
    private const int Pieces = 4;
    private const int PieceSize = 1 << 20;

    /// <summary>
    /// Copies an image and overwrites 4 MiB of the copy, in four places, with the bytes of real files. What was in those places
    /// is lost in the copy: a backup does not care, a guest would.
    /// </summary>
    /// <param name="disk">The image.</param>
    /// <param name="files">The files to write; 4 MiB of them are used.</param>
    /// <param name="path">The image file to write.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task CreateNextGenerationAsync(
        DiskFile disk,
        IEnumerable<FileInfo> files,
        string path,
        CancellationToken cancellationToken)
    {
        await SparseCopy.CreateAsync(disk.Path, path, cancellationToken);
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read, 0);
        var content = await ReadAsync(files, (int)Math.Min(Pieces * PieceSize, disk.Size / 2), cancellationToken);
        var piece = content.Length / Pieces;
        for (var i = 0; i < Pieces; i++)
        {
            stream.Position = disk.Size / (2 * Pieces) * ((2 * i) + 1) / 4096 * 4096; // in the middle of each quarter
            await stream.WriteAsync(content.AsMemory(i * piece, piece), cancellationToken);
        }
    }

    private static async Task<byte[]> ReadAsync(IEnumerable<FileInfo> files, int length, CancellationToken cancellationToken)
    {
        var content = new byte[length];
        var filled = 0;
        foreach (var file in files)
        {
            await using var stream = file.OpenRead();
            filled += await stream.ReadAtLeastAsync(content.AsMemory(filled), length - filled, throwOnEndOfStream: false, cancellationToken);
            if (filled == length)
                break;
        }

        return content;
    }
}
