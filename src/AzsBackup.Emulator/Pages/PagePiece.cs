namespace AzsBackup.Emulator.Pages;

/// <summary>A stretch of a volume and the layer whose file holds it; no layer: zeros.</summary>
internal readonly record struct PagePiece(long Start, long End, PageLayer? Layer)
{
    /// <summary>
    /// Cuts [start, end) into pieces, ascending: the topmost layer that knows of a page decides. With a <paramref name="bottom"/>, only layers above it
    /// are asked and pages they don't know of give no piece; without, such pages give zeros.
    /// </summary>
    public static void Resolve(PageLayer? layer, PageLayer? bottom, long start, long end, List<PagePiece> pieces)
    {
        // Most layers know nothing of most stretches: passing them by here keeps the recursion as deep as there are layers that do.
        while (layer is not null && !ReferenceEquals(layer, bottom) && !Knows(layer, start, end))
            layer = layer.Parent;
        if (start >= end || (bottom is not null && ReferenceEquals(layer, bottom)))
            return;
        if (layer is null)
        {
            Add(new PagePiece(start, end, null), pieces);
            return;
        }

        var runs = layer.Map.Runs;
        for (var i = layer.Map.FirstEndingAfter(start); start < end; i++)
        {
            if (i == runs.Count || runs[i].Start >= end)
            {
                Resolve(layer.Parent, bottom, start, end, pieces);
                return;
            }

            var run = runs[i];
            if (run.Start > start)
            {
                Resolve(layer.Parent, bottom, start, run.Start, pieces);
                start = run.Start;
            }

            var stop = Math.Min(run.End, end);
            Add(new PagePiece(start, stop, run.State == PageState.Written ? layer : null), pieces);
            start = stop;
        }
    }

    private static bool Knows(PageLayer layer, long start, long end)
    {
        var first = layer.Map.FirstEndingAfter(start);
        return first < layer.Map.Runs.Count && layer.Map.Runs[first].Start < end;
    }

    private static void Add(PagePiece piece, List<PagePiece> pieces)
    {
        if (pieces.Count > 0 && pieces[^1] is var last && last.End == piece.Start && ReferenceEquals(last.Layer, piece.Layer))
            pieces[^1] = last with { End = piece.End };
        else
            pieces.Add(piece);
    }
}
