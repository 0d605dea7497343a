namespace AzsBackup.Model;

/// <summary>How far a recovery point was tried out. Each level includes those before it.</summary>
public enum AzsProofLevel
{
    /// <summary>Every chunk was read back, decrypted and hashed.</summary>
    Chunks,

    /// <summary>Partition tables and superblocks of file systems were looked at.</summary>
    Structure,

    /// <summary>The VM was restored into an isolated network, started, and came up.</summary>
    Boot,
}
