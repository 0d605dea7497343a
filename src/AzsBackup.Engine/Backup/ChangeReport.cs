namespace AzsBackup.Engine.Backup;

/// <summary>What is known of a stack's own reports of what changed between two snapshots.</summary>
public enum ChangeReport
{
    /// <summary>Not asked yet.</summary>
    Unknown,

    /// <summary>It gave one, and every sample agreed with it.</summary>
    Usable,

    /// <summary>It gives none.</summary>
    NotSupported,

    /// <summary>It left changes out: what it says is not used until the user asks for it by name.</summary>
    Distrusted,
}
