using System.Runtime.CompilerServices;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Sessions;

/// <summary>
/// The opened vaults behind the objects users hold. A vault stays open as long as its object lives; the object itself
/// carries no key, so nothing leaks when it is printed or sent elsewhere.
/// </summary>
internal static class VaultSessions
{
    private static readonly ConditionalWeakTable<AzsBackupVault, BackupVault> Opened = [];

    /// <summary>Binds an opened vault to the object the user gets.</summary>
    public static AzsBackupVault Bind(AzsBackupVault description, BackupVault vault)
    {
        Opened.Add(description, vault);
        return description;
    }

    /// <summary>The opened vault behind an object.</summary>
    /// <exception cref="AzsException"><c>VaultNotOpen</c>.</exception>
    public static BackupVault Resolve(AzsBackupVault description) =>
        Opened.TryGetValue(description, out var vault)
            ? vault
            : throw new AzsException(
                AzsErrorKind.InvalidInput,
                "VaultNotOpen",
                $"The vault {description.Path} is not open in this process.",
                "Open it with Get-AzsBackupVault and pass the result.",
                description.Path);
}
