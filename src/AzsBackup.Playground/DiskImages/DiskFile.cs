using AzsBackup.Emulator.Compute;

namespace AzsBackup.Playground.DiskImages;

/// <summary>An image file of a disk: a fixed VHD if it ends in one's footer, else the disk's bytes as they are.</summary>
internal sealed class DiskFile
{
    private DiskFile(string path, long size) => (Path, Size) = (path, size);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The disk's size in bytes, without a VHD's footer.</summary>
    public long Size { get; }

    /// <summary>Opens an image and looks whether it is one.</summary>
    /// <param name="path">The file; its name decides whether it must be a VHD.</param>
    /// <exception cref="PlaygroundException">It is missing, or no image a stack's disk could be made of.</exception>
    public static DiskFile Open(string path)
    {
        if (!File.Exists(path))
            throw new PlaygroundException($"There is no file {path}.");
        using var stream = File.OpenRead(path);
        var head = new byte[8];
        var footer = new byte[VhdFooter.Length];
        stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (stream.Length < footer.Length)
            throw TooSmall(path, stream.Length);
        stream.Position = stream.Length - footer.Length;
        stream.ReadExactly(footer);

        var isVhd = footer.AsSpan().StartsWith("conectix"u8);
        var mustBeVhd = System.IO.Path.GetExtension(path).Equals(".vhd", StringComparison.OrdinalIgnoreCase);
        if (head.AsSpan().StartsWith("vhdxfile"u8))
            throw Unusable(path, "is a VHDX image");
        if (head.AsSpan().StartsWith("QFI"u8))
            throw Unusable(path, "is a QCOW2 image");
        if ((isVhd || mustBeVhd) && VhdFooter.Fault(footer, stream.Length) is { } fault)
            throw Unusable(path, $"can't be used: {fault}");
        if (stream.Length % VhdFooter.Length != 0)
            throw Unusable(path, "is no raw image: its size is no multiple of 512 bytes");
        if (stream.Length < MasterBootRecord.PartitionOffset)
            throw TooSmall(path, stream.Length);
        return new DiskFile(path, isVhd ? stream.Length - VhdFooter.Length : stream.Length);
    }

    /// <summary>The SHA-256 of the disk's bytes, in lower-case hexadecimal.</summary>
    public async Task<string> HashAsync(CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0, FileOptions.SequentialScan);
        return await DiskHash.OfAsync(stream, Size, cancellationToken);
    }

    private static PlaygroundException TooSmall(string path, long size) => new($"{path} holds {size} bytes: too little for a disk.");

    private static PlaygroundException Unusable(string path, string fault) => new(
        $"{path} {fault}. Give a raw image or a fixed VHD: qemu-img convert -O vpc -o subformat=fixed,force_size=on <image> disk.vhd");
}
