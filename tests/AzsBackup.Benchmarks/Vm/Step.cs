namespace AzsBackup.Benchmarks.Vm;

/// <summary>What is measured, in the order it is done.</summary>
internal enum Step
{
    /// <summary>The first backup of the disk.</summary>
    Full,

    /// <summary>The second, of the disk a day later.</summary>
    Incremental,

    /// <summary>The third, of a disk that has not changed since: what any backup costs, the sample included.</summary>
    Unchanged,

    /// <summary>The newest backup, to a file.</summary>
    Restore,

    /// <summary>All that is stored, read back and checked.</summary>
    Verify,
}
