namespace AzsBackup.Model;

/// <summary>What is to become of a recovery point.</summary>
public enum AzsRecoveryPointState
{
    /// <summary>It stays.</summary>
    Available,

    /// <summary>It is removed at its date, unless that is undone. Until then it can be restored.</summary>
    PendingRemoval,
}
