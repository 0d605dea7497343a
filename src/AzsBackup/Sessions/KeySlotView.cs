using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Sessions;

/// <summary>Key slots as users get them.</summary>
internal static class KeySlotView
{
    /// <summary>The object for a slot.</summary>
    public static AzsBackupVaultKey Of(VaultKey key) => new() { Id = key.Id, Kind = key.Kind, CreatedAt = key.CreatedAt, PublicKey = key.PublicKey, IsUsed = key.IsUsed };
}
