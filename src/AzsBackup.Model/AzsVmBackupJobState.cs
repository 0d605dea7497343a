namespace AzsBackup.Model;

/// <summary>What became of a backup of a VM, or of a policy's run.</summary>
public enum AzsVmBackupJobState
{
    /// <summary>It is under way.</summary>
    Running,

    /// <summary>All went well.</summary>
    Completed,

    /// <summary>It ended with an error; of a policy's run, at least one VM did.</summary>
    Failed,

    /// <summary>Its time passed and nobody ran it.</summary>
    Missed,

    /// <summary>Its process ended without a word: killed, or its machine lost power.</summary>
    Died,

    /// <summary>It was not done because somebody else was doing it.</summary>
    Skipped,

    /// <summary>A person stopped it.</summary>
    Stopped,
}
