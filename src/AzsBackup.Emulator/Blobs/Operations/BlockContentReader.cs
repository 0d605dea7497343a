using AzsBackup.Emulator.Blobs.Store;
using Microsoft.Win32.SafeHandles;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>Reads the files of a block blob in a row; they stay as long as it reads, even if the blob is deleted.</summary>
internal sealed class BlockContentReader : IContentReader
{
    private readonly IReadOnlyList<BlobBlock> _blocks;
    private SafeFileHandle? _file;
    private int _open = -1;

    public BlockContentReader(IReadOnlyList<BlobBlock> blocks)
    {
        _blocks = blocks;
        foreach (var block in blocks)
            block.Content.AddUser();
    }

    public void Read(long offset, Span<byte> buffer)
    {
        for (var i = 0; i < _blocks.Count && !buffer.IsEmpty; i++)
        {
            var length = _blocks[i].Content.Length;
            if (offset >= length)
            {
                offset -= length;
                continue;
            }

            var part = buffer[..(int)Math.Min(buffer.Length, length - offset)];
            ReadBlock(i, offset, part);
            buffer = buffer[part.Length..];
            offset = 0;
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        foreach (var block in _blocks)
            block.Content.Release();
    }

    private void ReadBlock(int index, long offset, Span<byte> buffer)
    {
        if (_open != index)
        {
            _file?.Dispose();
            _file = _blocks[index].Content.Open();
            _open = index;
        }

        while (!buffer.IsEmpty)
        {
            var read = RandomAccess.Read(_file!, buffer, offset);
            if (read == 0)
                throw new EndOfStreamException("The file of a block is shorter than the block.");
            offset += read;
            buffer = buffer[read..];
        }
    }
}
