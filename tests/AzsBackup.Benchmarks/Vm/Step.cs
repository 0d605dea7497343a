namespace AzsBackup.Benchmarks.Vm;

/// <summary>What is measured, in the order it is done.</summary>
internal enum Step
{
    /// <summary>The first backup of the disk.</summary>
    Full,

    /// <summary>The second, of the disk a day later.</summary>
    Incremental,

    /// <summary>The second backup, to a file.</summary>
    Restore,

    /// <summary>All that is stored, read back and checked.</summary>
    Verify,
}
