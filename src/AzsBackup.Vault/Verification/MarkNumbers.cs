namespace AzsBackup.Vault.Verification;

/// <summary>Which marks of a log to look at.</summary>
internal static class MarkNumbers
{
    /// <summary>
    /// The numbers that there are, and the first of each gap between them or before them. Not all of a gap: who may create objects
    /// could plant one with a number of two billion.
    /// </summary>
    /// <param name="ascending">The numbers that there are, each once.</param>
    public static IEnumerable<int> WithGaps(IEnumerable<int> ascending)
    {
        int next = 0;
        foreach (int number in ascending)
        {
            if (number != next)
                yield return next;
            yield return number;
            next = number < int.MaxValue ? number + 1 : number;
        }
    }
}
