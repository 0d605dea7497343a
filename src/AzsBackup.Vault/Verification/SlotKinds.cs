using System.Text.Json;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Keys;

namespace AzsBackup.Vault.Verification;

/// <summary>Tells a key slot that a newer version wrote from one that is damaged.</summary>
internal static class SlotKinds
{
    /// <summary>Whether these bytes say to be a slot of another version.</summary>
    public static bool IsOfAnotherVersion(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("slotVersion", out var version)
                && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out int number) && number > KeySlot.CurrentFormat;
        }
        catch (Exception exception) when (VaultJson.IsUnreadable(exception))
        {
            return false;
        }
    }
}
