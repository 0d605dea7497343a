using System.Text.Json;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Maintenance;

/// <summary>The vault's own clock as of one run (FORMAT.md §11).</summary>
internal sealed record ClockDocument(int ClockVersion, string StoreTime, string VaultTime)
{
    public const int CurrentVersion = 1;

    /// <exception cref="Model.AzsException"><c>VaultClockDamaged</c>.</exception>
    public static (DateTime StoreTime, DateTime VaultTime) Read(ReadOnlySpan<byte> json, string objectName) =>
        TryRead(json) ?? throw VaultErrors.ClockDamaged(objectName);

    /// <summary>Reads what was written; <see langword="null"/> if the bytes are nothing of the kind.</summary>
    public static (DateTime StoreTime, DateTime VaultTime)? TryRead(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<ClockDocument>(json, VaultJson.Compact) is { ClockVersion: CurrentVersion, StoreTime: { } stored, VaultTime: { } vault }
                && JsonTime.TryRead(stored, out var storeTime) && JsonTime.TryRead(vault, out var vaultTime)
                    ? (storeTime, vaultTime)
                    : null;
        }
        catch (Exception exception) when (VaultJson.IsUnreadable(exception))
        {
            return null;
        }
    }
}
