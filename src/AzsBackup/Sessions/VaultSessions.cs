using System.Runtime.CompilerServices;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Sessions;

/// <summary>
/// The opened vault behind each emitted <see cref="AzsBackupVault"/>, with its keys, for as long as somebody holds that very
/// object. Copies of it, and those that went through a file or another process, have none. Safe for concurrent use.
/// </summary>
internal static class VaultSessions
{
    private static readonly ConditionalWeakTable<AzsBackupVault, BackupVault> Opened = [];

    /// <summary>Ties an opened vault to the object about to be emitted for it.</summary>
    public static void Open(AzsBackupVault emitted, BackupVault opened) => Opened.AddOrUpdate(emitted, opened);

    /// <summary>The opened vault of an emitted object.</summary>
    /// <exception cref="AzsException"><c>VaultNotOpen</c>.</exception>
    public static BackupVault Resolve(AzsBackupVault emitted) =>
        Opened.TryGetValue(emitted, out var opened)
            ? opened
            : throw new AzsException(
                AzsErrorKind.InvalidInput,
                "VaultNotOpen",
                $"The vault '{emitted.Path}' is not open here: the object given is a copy, and holds no key.",
                "Open it with Get-AzsBackupVault and pass the object you get.",
                emitted.Path);
}
