namespace AzsBackup.Model;

/// <summary>What became of a recovery point that was to be copied to another vault.</summary>
public enum AzsVaultCopyStatus
{
    /// <summary>The copy has it now.</summary>
    Copied,

    /// <summary>The copy had it already.</summary>
    Present,

    /// <summary>The copy does not have it.</summary>
    Failed,
}
