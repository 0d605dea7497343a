namespace AzsBackup.Emulator.Pages;

/// <summary>
/// Which pages of a layer are written or cleared: runs in ascending order, never touching a neighbour of the same state.
/// Its size follows the number of runs, not the size of the volume. Not thread-safe; the volume guards it.
/// </summary>
internal sealed class PageMap
{
    private readonly List<PageRun> _runs = [];

    public bool IsEmpty => _runs.Count == 0;

    /// <summary>The runs, for whoever saves the map: ascending and disjoint.</summary>
    public IReadOnlyList<PageRun> Runs => _runs;

    /// <summary>Index of the first run that ends behind <paramref name="offset"/>; the number of runs if there is none.</summary>
    public int FirstEndingAfter(long offset)
    {
        var low = 0;
        var high = _runs.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_runs[middle].End > offset)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    /// <summary>Puts one state over whatever was known of [start, end); false if that changes nothing.</summary>
    public bool Mark(long start, long end, PageState state)
    {
        if (start >= end)
            return false;

        var first = FirstEndingAfter(start);
        if (first < _runs.Count && _runs[first] is var covering && covering.Start <= start && covering.End >= end && covering.State == state)
            return false;

        var behind = first;
        var headStart = start;
        var tailEnd = end;
        var tailState = state;
        var headState = state;
        while (behind < _runs.Count && _runs[behind].Start < end)
        {
            var run = _runs[behind++];
            if (run.Start < start)
                (headStart, headState) = (run.Start, run.State);
            if (run.End > end)
                (tailEnd, tailState) = (run.End, run.State);
        }

        Span<PageRun> pieces = stackalloc PageRun[3];
        var count = 0;
        if (headStart < start && headState != state)
            pieces[count++] = new PageRun(headStart, start, headState);
        var from = headStart < start && headState == state ? headStart : start;
        var to = tailEnd > end && tailState == state ? tailEnd : end;
        pieces[count++] = new PageRun(from, to, state);
        if (tailEnd > end && tailState != state)
            pieces[count++] = new PageRun(end, tailEnd, tailState);

        if (first > 0 && _runs[first - 1] is var left && left.End == pieces[0].Start && left.State == pieces[0].State)
        {
            pieces[0] = pieces[0] with { Start = left.Start };
            first--;
        }

        if (behind < _runs.Count && _runs[behind] is var right && right.Start == pieces[count - 1].End && right.State == pieces[count - 1].State)
        {
            pieces[count - 1] = pieces[count - 1] with { End = right.End };
            behind++;
        }

        Replace(first, behind - first, pieces[..count]);
        return true;
    }

    private void Replace(int index, int removed, ReadOnlySpan<PageRun> pieces)
    {
        var common = Math.Min(removed, pieces.Length);
        for (var i = 0; i < common; i++)
            _runs[index + i] = pieces[i];
        if (removed > common)
            _runs.RemoveRange(index + common, removed - common);
        else if (pieces.Length > common)
            _runs.InsertRange(index + common, pieces[common..]);
    }
}
