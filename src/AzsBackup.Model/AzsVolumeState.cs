namespace AzsBackup.Model;

/// <summary>How a partition table or volume of a recovery point was found.</summary>
public enum AzsVolumeState
{
    /// <summary>What was looked at is as it should be.</summary>
    Sound,

    /// <summary>It is of no kind that is known here; nothing can be said of it.</summary>
    Unknown,

    /// <summary>It begins with zeros only.</summary>
    Empty,

    /// <summary>It is encrypted by the guest; only its owner can look into it.</summary>
    Encrypted,

    /// <summary>It contradicts itself, or can't be read.</summary>
    Damaged,
}
