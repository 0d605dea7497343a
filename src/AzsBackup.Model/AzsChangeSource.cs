namespace AzsBackup.Model;

/// <summary>How a run knew which parts of a disk to read.</summary>
public enum AzsChangeSource
{
    /// <summary>Everything was read.</summary>
    FullRead,

    /// <summary>The allocated page ranges were read.</summary>
    PageRanges,

    /// <summary>Only what the stack reported as changed since the last point was read.</summary>
    PageRangeDiff,
}
