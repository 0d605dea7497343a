namespace AzsBackup.Model;

/// <summary>What a recovery point's disks are consistent with.</summary>
public enum AzsConsistency
{
    /// <summary>As after a power cut: snapshots of a running VM.</summary>
    Crash,

    /// <summary>The VM was deallocated while its snapshots were made.</summary>
    Offline,

    /// <summary>The application was quiesced while its snapshots were made.</summary>
    Application,
}
