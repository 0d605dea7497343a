namespace AzsBackup.Model;

/// <summary>How a resource of one configuration stands to the other.</summary>
public enum AzsResourceChange
{
    /// <summary>Only the difference has it.</summary>
    Added,

    /// <summary>Only the reference has it.</summary>
    Removed,

    /// <summary>Both have it, and at one path it differs.</summary>
    Changed,

    /// <summary>Both have it, and it is the same.</summary>
    Equal,

    /// <summary>One side could not be read there, so nothing can be said; the reason says which and why.</summary>
    Unknown,
}
