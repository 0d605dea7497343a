using Microsoft.Win32.SafeHandles;

namespace AzsBackup.Emulator.Pages;

/// <summary>
/// What changed in a volume between two snapshots: a sparse file in which bytes lie at the offset they have in the volume,
/// and a map that says which of them count. A layer that has another one above it never changes again.
/// Counted by the volumes and layers that stand on it; the last one to go takes the file along.
/// </summary>
internal sealed class PageLayer
{
    private readonly PageStore _store;
    private int _users = 1;
    private SafeFileHandle? _file;

    public PageLayer(PageStore store, long id, PageLayer? parent)
    {
        _store = store;
        Id = id;
        Parent = parent;
    }

    public long Id { get; }

    /// <summary>The layer below; null at the bottom, under which everything is zeros.</summary>
    public PageLayer? Parent { get; }

    public PageMap Map { get; } = new();

    public void AddUser() => Interlocked.Increment(ref _users);

    public void Release()
    {
        for (var layer = this; layer is not null && Interlocked.Decrement(ref layer._users) == 0; layer = layer.Parent)
            layer.Discard();
    }

    /// <summary>Writes bytes; the caller marks them in the map when this has returned.</summary>
    public void Write(long offset, ReadOnlySpan<byte> bytes) =>
        RandomAccess.Write(_file ??= _store.OpenFile(Id), bytes, offset);

    /// <summary>Fills the buffer from the file; the map must say that these bytes are written.</summary>
    public void Read(long offset, Span<byte> buffer)
    {
        var file = _file ?? throw new InvalidOperationException($"Layer {Id} has no file, but its map claims bytes at {offset}.");
        while (!buffer.IsEmpty)
        {
            var read = RandomAccess.Read(file, buffer, offset);
            if (read == 0)
                throw new EndOfStreamException($"The file of layer {Id} ends before offset {offset}, which its map claims as written.");
            offset += read;
            buffer = buffer[read..];
        }
    }

    public void Discard()
    {
        if (Interlocked.Exchange(ref _file, null) is { } file)
        {
            file.Dispose();
            _store.DeleteFile(Id);
        }

        _store.Forget(this);
    }
}
