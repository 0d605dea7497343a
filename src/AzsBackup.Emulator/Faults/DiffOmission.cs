namespace AzsBackup.Emulator.Faults;

/// <summary>A difference that lies: some of its ranges are left out. Which ones follows from the seed and the list alone.</summary>
/// <param name="Share">The share left out; rounded up, so that a list that isn't empty loses at least one range.</param>
/// <param name="Seed">Decides which.</param>
internal sealed record DiffOmission(double Share, int Seed)
{
    /// <summary>The ranges that are told of, in their order.</summary>
    public IReadOnlyList<T> Told<T>(IReadOnlyList<T> ranges)
    {
        Random chance = new(Seed);
        int[] order = [.. Enumerable.Range(0, ranges.Count)];
        chance.Shuffle(order);
        HashSet<int> omitted = [.. order.Take((int)Math.Ceiling(Share * ranges.Count))];
        return [.. ranges.Where((_, i) => !omitted.Contains(i))];
    }
}
