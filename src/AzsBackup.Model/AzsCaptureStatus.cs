namespace AzsBackup.Model;

/// <summary>What became of one listed resource in a configuration export.</summary>
public enum AzsCaptureStatus
{
    /// <summary>The whole configuration was written.</summary>
    Captured,

    /// <summary>Written, but something that belongs to it could not be read; the reason says what.</summary>
    Partial,

    /// <summary>Left out on purpose; the reason says why.</summary>
    Skipped,

    /// <summary>Could not be read; the reason says why.</summary>
    Failed,
}
