using AzsBackup.Emulator.Compute;
using AzsBackup.Emulator.Pages;
using Microsoft.Win32.SafeHandles;

namespace AzsBackup.Emulator.Estates;

/// <summary>A disk image on this machine: a fixed VHD, or raw bytes if its name does not end in <c>.vhd</c>.</summary>
internal sealed class DiskImage : IDisposable
{
    private const int PageSize = 4096;
    private const int BlockSize = 1 << 20;
    private const long MiB = 1L << 20;
    private readonly SafeFileHandle _file;

    private DiskImage(SafeFileHandle file, string path, long contentLength)
    {
        _file = file;
        Path = path;
        ContentLength = contentLength;
    }

    public string Path { get; }

    /// <summary>Bytes of the disk itself, without a footer.</summary>
    public long ContentLength { get; }

    /// <summary>The size of the disk it makes: whole MiB.</summary>
    public long DiskSize => (ContentLength + MiB - 1) / MiB * MiB;

    /// <exception cref="EstateException">There is no such file, or it is a VHD that is not fixed.</exception>
    public static DiskImage Open(string path)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, FileOptions.SequentialScan);
            long length = RandomAccess.GetLength(file);
            if (!path.EndsWith(".vhd", StringComparison.OrdinalIgnoreCase))
                return length > 0 ? new DiskImage(file, path, length) : throw new EstateException($"The disk image '{path}' is empty.");
            byte[] footer = new byte[VhdFooter.Length];
            if (length > VhdFooter.Length)
                RandomAccess.Read(file, footer, length - VhdFooter.Length);
            if (VhdFooter.Fault(footer, length) is { } fault)
                throw new EstateException($"The disk image '{path}' cannot be used: {fault}. Convert it with 'qemu-img convert -O vpc -o subformat=fixed,force_size=on'.");
            return new DiskImage(file, path, length - VhdFooter.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or EstateException)
        {
            file?.Dispose();
            throw exception as EstateException ?? new EstateException($"The disk image '{path}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Writes the pages of 4 KiB in which the volume differs; what lies beyond the image becomes zeros up to the volume's footer.</summary>
    /// <returns>How many pages were written.</returns>
    /// <exception cref="EstateException">The image is larger than the volume.</exception>
    public long WriteDifferences(PageVolume volume, CancellationToken cancellationToken)
    {
        long size = volume.Length - VhdFooter.Length;
        if (ContentLength > size)
            throw new EstateException($"The disk image '{Path}' has {ContentLength} bytes and the disk only {size}.");
        long pages = 0;
        byte[] wanted = new byte[BlockSize];
        byte[] present = new byte[BlockSize];
        foreach ((long offset, int length) in Blocks(volume, size))
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadBlock(offset, wanted.AsSpan(0, length));
            volume.Read(offset, present.AsSpan(0, length));
            for (int at = 0; at < length; at += PageSize)
            {
                int count = Math.Min(PageSize, length - at);
                ReadOnlySpan<byte> page = wanted.AsSpan(at, count);
                if (page.SequenceEqual(present.AsSpan(at, count)))
                    continue;
                volume.Write(offset + at, page);
                pages++;
            }
        }

        return pages;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The blocks where either side may hold anything: a hole in both is equal already.</summary>
    private IEnumerable<(long Offset, int Length)> Blocks(PageVolume volume, long size)
    {
        for (long offset = 0; offset < size; offset += BlockSize)
        {
            int length = (int)Math.Min(BlockSize, size - offset);
            if (offset < ContentLength || volume.GetRanges(offset, length).Count > 0)
                yield return (offset, length);
        }
    }

    private void ReadBlock(long offset, Span<byte> block)
    {
        block.Clear();
        while (block.Length > 0 && offset < ContentLength)
        {
            int read = RandomAccess.Read(_file, block[..(int)Math.Min(block.Length, ContentLength - offset)], offset);
            if (read == 0)
                return;
            block = block[read..];
            offset += read;
        }
    }
}
