namespace AzsBackup.Vault.Copying;

/// <summary>What became of a point that was to be copied.</summary>
public enum PointCopyStatus
{
    /// <summary>It is whole in the destination now.</summary>
    Copied,

    /// <summary>The destination had it already.</summary>
    Present,

    /// <summary>The destination does not have it; the reason says why.</summary>
    Failed,
}
