using AzsBackup.Emulator.Persistence;
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
    private readonly Lock _opening = new();
    private int _users;
    private SafeFileHandle? _file;
    private bool _isDiscarded;
    private (long Start, long End) _unsaved = (long.MaxValue, long.MinValue);

    /// <param name="store">Where the file lies.</param>
    /// <param name="id">Greater than that of any layer before.</param>
    /// <param name="parent">The layer below.</param>
    /// <param name="users">How many stand on it: one, unless they are still to be counted.</param>
    public PageLayer(PageStore store, long id, PageLayer? parent, int users = 1)
    {
        _store = store;
        _users = users;
        Id = id;
        Parent = parent;
    }

    public long Id { get; }

    /// <summary>The layer below; null at the bottom, under which everything is zeros.</summary>
    public PageLayer? Parent { get; }

    public PageMap Map { get; } = new();

    public bool IsUsed => _users > 0;

    /// <summary>Puts one state over a stretch of the map. The volume that has this layer on top guards the call, and <see cref="Save"/>.</summary>
    public void Mark(long start, long end, PageState state)
    {
        if (Map.Mark(start, end, state))
            _unsaved = (Math.Min(_unsaved.Start, start), Math.Max(_unsaved.End, end));
    }

    /// <summary>Writes the part of the map that was changed since it was last written.</summary>
    public void Save(StateWriter writer)
    {
        (long start, long end) = _unsaved;
        if (start >= end)
            return;
        // Runs that merely touch the stretch may have grown into it or shrunk out of it.
        List<PageRun> runs = [];
        for (int i = Map.FirstEndingAfter(start - 1); i < Map.Runs.Count && Map.Runs[i].Start <= end; i++)
            runs.Add(Map.Runs[i]);
        writer.RemoveRuns(Id, Math.Min(start, runs[0].Start), Math.Max(end, runs[^1].End));
        foreach (PageRun run in runs)
            writer.AddRun(Id, run);
        _unsaved = (long.MaxValue, long.MinValue);
    }

    public void AddUser() => Interlocked.Increment(ref _users);

    public void Release()
    {
        for (var layer = this; layer is not null && Interlocked.Decrement(ref layer._users) == 0; layer = layer.Parent)
            layer.Discard();
    }

    /// <summary>Writes bytes; the caller marks them in the map when this has returned.</summary>
    public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(File(), bytes, offset);

    /// <summary>Fills the buffer from the file; the map must say that these bytes are written.</summary>
    public void Read(long offset, Span<byte> buffer)
    {
        var file = File();
        while (!buffer.IsEmpty)
        {
            var read = RandomAccess.Read(file, buffer, offset);
            if (read == 0)
                throw new EndOfStreamException($"The file of layer {Id} ends before offset {offset}, which its map claims as written.");
            offset += read;
            buffer = buffer[read..];
        }
    }

    /// <summary>Closes the file for good; the bytes stay.</summary>
    public void Close()
    {
        lock (_opening)
        {
            _isDiscarded = true;
            _file?.Dispose();
        }
    }

    private void Discard()
    {
        Close();
        _store.Delete(this);
    }

    private SafeFileHandle File()
    {
        // Unlocked first: every read and write comes by here.
        if (Volatile.Read(ref _file) is { } open)
            return open;
        lock (_opening)
        {
            ObjectDisposedException.ThrowIf(_isDiscarded, this);
            return _file ??= _store.OpenFile(Id);
        }
    }
}
