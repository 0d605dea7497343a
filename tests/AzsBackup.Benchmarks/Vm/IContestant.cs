namespace AzsBackup.Benchmarks.Vm;

/// <summary>A program that backs the disk up, for one round.</summary>
internal interface IContestant
{
    /// <summary>Does a step.</summary>
    /// <returns>What it cost, by what is to be called the row of the table; nothing if the program has no such step.</returns>
    Task<IReadOnlyDictionary<string, Cost>> RunAsync(Step step, CancellationToken cancellationToken);
}
