using AzsBackup.Model;

namespace AzsBackup.Vault.Stores;

/// <summary>Failures that every store reports alike.</summary>
public static class StoreErrors
{
    /// <summary>An object is longer than anything of its sort can be.</summary>
    /// <param name="name">The object's name.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="maximumLength">The longest it may be, in bytes.</param>
    public static AzsException TooLong(string name, long length, int maximumLength) => new(
        AzsErrorKind.DataDamaged, "ObjectTooLong", $"'{name}' has {length} bytes; nothing of its sort has more than {maximumLength}.",
        "Restore from another recovery point or from a copy of the vault, and find out what wrote to the vault's storage.", name);
}
