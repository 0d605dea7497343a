namespace AzsBackup.Vault.Verification;

/// <summary>What is wrong with an object of a vault.</summary>
public enum VaultDamageKind
{
    /// <summary>It should be there and is not.</summary>
    Missing,

    /// <summary>It is not what was stored under its name: changed, cut, or another object.</summary>
    Damaged,

    /// <summary>It is whole and authentic, but does not hold what it should.</summary>
    WrongContent,

    /// <summary>The store failed to read it; the next try may succeed.</summary>
    Unreadable,
}
