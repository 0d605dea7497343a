namespace AzsBackup.Vault.Retention;

/// <summary>Why a point stays; none if it may go.</summary>
[Flags]
public enum RetentionReasons
{
    /// <summary>Nothing keeps it.</summary>
    None = 0,

    /// <summary>It is the newest point.</summary>
    Newest = 1,

    /// <summary>Somebody pinned it.</summary>
    Pinned = 2,

    /// <summary>It is one of the last ones.</summary>
    Last = 4,

    /// <summary>It is the newest one of its hour.</summary>
    Hourly = 8,

    /// <summary>It is the newest one of its day.</summary>
    Daily = 16,

    /// <summary>It is the newest one of its week.</summary>
    Weekly = 32,

    /// <summary>It is the newest one of its month.</summary>
    Monthly = 64,

    /// <summary>It is the newest one of its year.</summary>
    Yearly = 128,

    /// <summary>It is locked: nobody may remove it yet.</summary>
    Locked = 256,
}
