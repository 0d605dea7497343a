namespace AzsBackup.Model;

/// <summary>How a backup policy stands.</summary>
public enum AzsVmBackupPolicyState
{
    /// <summary>Its newest run went well, or its first one is not due yet.</summary>
    Healthy,

    /// <summary>It is being run now.</summary>
    Running,

    /// <summary>A run was due for longer than the policy allows, and nobody has run it.</summary>
    Missed,

    /// <summary>Its newest run failed, or died.</summary>
    Failed,

    /// <summary>It is switched off.</summary>
    Disabled,

    /// <summary>What the vault holds of it can't be read.</summary>
    Damaged,
}
