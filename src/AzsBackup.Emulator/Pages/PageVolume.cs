using AzsBackup.Emulator.Persistence;

namespace AzsBackup.Emulator.Pages;

/// <summary>
/// The bytes of a page blob or of a disk: a stack of layers, of which only the top one is written to.
/// A snapshot freezes the top layer and puts an empty one on it, so it costs nothing however large the volume is.
/// </summary>
/// <remarks>
/// Safe for any number of readers beside writers. A read that overlaps a write in time may see pages of either; a snapshot never does.
/// Disposing gives back what only this volume used; a read that is under way on it then fails with <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class PageVolume : IDisposable
{
    /// <summary>Bytes in a page: everything written or cleared is a multiple of it.</summary>
    public const int PageSize = 512;

    private readonly PageStore _store;
    private readonly Lock _writing = new(); // one change at a time; taken before _gate
    private readonly Lock _gate = new();    // guards what follows, and the map of the top layer
    private PageLayer? _top;
    private long _length;
    private bool _hasNewLength;

    internal PageVolume(PageStore store, long id, PageLayer top, long length, bool isReadOnly)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length % PageSize != 0)
            throw new ArgumentOutOfRangeException(nameof(length), length, "The length of a volume is a multiple of 512 bytes.");
        _store = store;
        Id = id;
        _top = top;
        _length = length;
        IsReadOnly = isReadOnly;
    }

    /// <summary>What names the volume in the state of its store.</summary>
    internal long Id { get; }

    /// <summary>Bytes; a multiple of 512.</summary>
    public long Length
    {
        get
        {
            lock (_gate)
                return _length;
        }
    }

    /// <summary>True for a snapshot: its bytes never change.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Fills the buffer with the bytes from <paramref name="offset"/> on; what was never written, or cleared, reads as zeros.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the volume.</exception>
    public void Read(long offset, Span<byte> buffer)
    {
        foreach (var piece in Resolve(offset, buffer.Length))
        {
            var part = buffer.Slice((int)(piece.Start - offset), (int)(piece.End - piece.Start));
            if (piece.Layer is { } layer)
                layer.Read(piece.Start, part);
            else
                part.Clear();
        }
    }

    /// <summary>Writes whole pages; afterwards they are allocated, even if they are zeros.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the volume or isn't made of whole pages.</exception>
    /// <exception cref="InvalidOperationException">The volume is read-only.</exception>
    public void Write(long offset, ReadOnlySpan<byte> pages)
    {
        lock (_writing)
        {
            var top = CheckChange(offset, pages.Length);
            if (pages.IsEmpty)
                return;
            top.Write(offset, pages);
            lock (_gate)
                top.Mark(offset, offset + pages.Length, PageState.Written);
            _store.Keep(this);
        }
    }

    /// <summary>Makes whole pages unallocated: they read as zeros. Exceptions as for <see cref="Write"/>.</summary>
    public void Clear(long offset, long length)
    {
        lock (_writing)
        {
            var top = CheckChange(offset, length);
            lock (_gate)
                top.Mark(offset, offset + length, PageState.Cleared);
            _store.Keep(this);
        }
    }

    /// <summary>Changes the length. What is cut off is gone: a volume that grows again has zeros there.</summary>
    /// <param name="length">Bytes; a multiple of 512.</param>
    public void Resize(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        lock (_writing)
        {
            var top = CheckChange(0, 0);
            if (length % PageSize != 0)
                throw new ArgumentOutOfRangeException(nameof(length), length, "The length of a volume is a multiple of 512 bytes.");
            lock (_gate)
            {
                top.Mark(length, _length, PageState.Cleared);
                _length = length;
                _hasNewLength = true;
            }

            _store.Keep(this);
        }
    }

    /// <summary>A read-only volume that stays as this one is now. The caller disposes it.</summary>
    public PageVolume Snapshot()
    {
        lock (_writing)
        {
            PageVolume? made = null;
            _store.Transact(writer => made = Freeze(writer, (frozen, length) => new PageVolume(_store, _store.NewId(), frozen, length, isReadOnly: true)));
            return made!;
        }
    }

    /// <summary>A writable volume of its own that begins as this one is now, as a disk created by Copy does. The caller disposes it.</summary>
    public PageVolume Fork()
    {
        lock (_writing)
        {
            PageVolume? made = null;
            _store.Transact(writer => made = Freeze(writer, (frozen, length) => new PageVolume(_store, _store.NewId(), _store.NewLayer(frozen, writer), length, isReadOnly: false)));
            return made!;
        }
    }

    /// <summary>The allocated ranges within a stretch: ascending, merged, cut at its ends.</summary>
    public IReadOnlyList<PageRange> GetRanges(long offset, long length)
    {
        var ranges = new List<PageRange>();
        foreach (var piece in Resolve(offset, length))
        {
            if (piece.Layer is null)
                continue;
            if (ranges.Count > 0 && ranges[^1].End == piece.Start)
                ranges[^1] = ranges[^1] with { Length = piece.End - ranges[^1].Offset };
            else
                ranges.Add(new PageRange(piece.Start, piece.End - piece.Start));
        }

        return ranges;
    }

    /// <summary>
    /// What was written or cleared between an earlier snapshot and this volume: ascending, neighbours of one kind merged, cut at the ends of the stretch.
    /// Pages count as changed because they were written, not because their bytes differ; the state reported is the present one (as the blob service does).
    /// </summary>
    /// <param name="earlier">A snapshot of this volume, or of what it was forked or snapshotted from.</param>
    /// <param name="offset">First byte of the stretch asked for.</param>
    /// <param name="length">Bytes of the stretch asked for.</param>
    /// <exception cref="ArgumentException"><paramref name="earlier"/> is no earlier state of this volume, see <see cref="IsLaterThan"/>.</exception>
    public IReadOnlyList<PageDifference> GetDifference(PageVolume earlier, long offset, long length)
    {
        var bottom = earlier.FrozenTop() ?? throw new ArgumentException("A difference is taken against a snapshot; this volume is writable.", nameof(earlier));
        var differences = new List<PageDifference>();
        lock (_gate)
        {
            var top = CheckRange(offset, length);
            if (!StandsOn(top, bottom))
                throw new ArgumentException("The volume given is no earlier state of this volume.", nameof(earlier));
            var pieces = new List<PagePiece>();
            PagePiece.Resolve(top, bottom, offset, offset + length, pieces);
            foreach (var piece in pieces)
            {
                var cleared = piece.Layer is null;
                if (differences.Count > 0 && differences[^1].End == piece.Start && differences[^1].IsCleared == cleared)
                    differences[^1] = differences[^1] with { Length = piece.End - differences[^1].Offset };
                else
                    differences.Add(new PageDifference(piece.Start, piece.End - piece.Start, cleared));
            }
        }

        return differences;
    }

    /// <summary>Whether <paramref name="earlier"/> is a snapshot this volume descends from, so that a difference against it exists.</summary>
    public bool IsLaterThan(PageVolume earlier)
    {
        var bottom = earlier.FrozenTop();
        lock (_gate)
            return bottom is not null && _top is not null && StandsOn(_top, bottom);
    }

    /// <summary>Gives back the layers that nothing else stands on.</summary>
    public void Dispose()
    {
        lock (_writing)
        {
            PageLayer? top;
            lock (_gate)
                (top, _top) = (_top, null);
            if (top is not null)
                _store.Remove(this, top);
        }
    }

    /// <summary>Writes what has changed since the last time.</summary>
    internal void Save(StateWriter writer)
    {
        lock (_gate)
        {
            if (_top is null)
                return;
            _top.Save(writer);
            if (_hasNewLength)
                SaveNew(writer);
            _hasNewLength = false;
        }
    }

    /// <summary>Writes a volume that is new, or has a new top.</summary>
    internal void SaveNew(StateWriter writer) => writer.SetVolume(Id, _top!.Id, _length, IsReadOnly);

    private static bool StandsOn(PageLayer top, PageLayer bottom)
    {
        for (var layer = top; layer is not null; layer = layer.Parent)
        {
            if (ReferenceEquals(layer, bottom))
                return true;
        }

        return false;
    }

    private PageLayer? FrozenTop()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_top is null, this);
            return IsReadOnly ? _top : null;
        }
    }

    /// <summary>Makes a volume on a layer that holds what this one is now and never changes.</summary>
    private PageVolume Freeze(StateWriter? writer, Func<PageLayer, long, PageVolume> make)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_top is null, this);
            var frozen = _top;
            if (!IsReadOnly)
            {
                // An untouched top adds nothing: what it stands on is the frozen state already. Otherwise the volume's use of it passes to the new top.
                if (_top.Map.IsEmpty && _top.Parent is { } parent)
                    frozen = parent;
                else
                    _top = _store.NewLayer(_top, writer);
            }

            frozen.AddUser();
            var made = make(frozen, _length);
            if (writer is not null)
            {
                // From here on nobody but this has the frozen layer's map to write.
                frozen.Save(writer);
                SaveNew(writer);
                made.SaveNew(writer);
            }

            return made;
        }
    }

    private List<PagePiece> Resolve(long offset, long length)
    {
        var pieces = new List<PagePiece>();
        lock (_gate)
        {
            var top = CheckRange(offset, length);
            PagePiece.Resolve(top, null, offset, offset + length, pieces);
        }

        return pieces;
    }

    private PageLayer CheckRange(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(_top is null, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > _length - offset)
            throw new ArgumentOutOfRangeException(nameof(length), length, $"The range at {offset} leaves the volume of {_length} bytes.");
        return _top;
    }

    private PageLayer CheckChange(long offset, long length)
    {
        if (IsReadOnly)
            throw new InvalidOperationException("A snapshot can't be changed.");
        if (offset % PageSize != 0 || length % PageSize != 0)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"A change of {length} bytes isn't made of whole pages of 512 bytes.");
        lock (_gate)
            return CheckRange(offset, length);
    }
}
