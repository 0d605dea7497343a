namespace AzsBackup.Engine.Inventory.Topology;

/// <summary>Gives lines that run side by side in a margin their places: lines that are not beside each other share one. Pure.</summary>
internal static class TopologyLanes
{
    /// <summary>The place of each span, counted from the drawing's middle outwards; the shortest spans lie innermost.</summary>
    /// <param name="spans">From where to where each line runs.</param>
    public static IReadOnlyList<int> Assign(IReadOnlyList<(double From, double To)> spans)
    {
        const double apart = 6;
        var lanes = new int[spans.Count];
        var taken = new List<List<(double From, double To)>>();
        foreach (var index in Enumerable.Range(0, spans.Count).OrderBy(index => spans[index].To - spans[index].From).ThenBy(index => spans[index].From).ThenBy(index => index))
        {
            var span = spans[index];
            var lane = taken.FindIndex(others => others.TrueForAll(other => other.To + apart < span.From || span.To + apart < other.From));
            if (lane < 0)
            {
                lane = taken.Count;
                taken.Add([]);
            }

            taken[lane].Add(span);
            lanes[index] = lane;
        }

        return lanes;
    }
}
