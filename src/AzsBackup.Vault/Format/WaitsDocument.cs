using System.Text.Json;

namespace AzsBackup.Vault.Format;

/// <summary>The sessions that may not have seen a condemned list (FORMAT.md §9).</summary>
internal sealed record WaitsDocument(int WaitsVersion, IReadOnlyList<string> Sessions)
{
    public const int CurrentVersion = 1;

    /// <exception cref="Model.AzsException"><c>MaintenanceObjectDamaged</c>.</exception>
    public static WaitsDocument Read(ReadOnlySpan<byte> json, string objectName) =>
        TryRead(json) ?? throw VaultErrors.MaintenanceObjectDamaged(objectName, "its content does not name sessions.");

    /// <summary>Reads what was written; <see langword="null"/> if the bytes are nothing of the kind.</summary>
    public static WaitsDocument? TryRead(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<WaitsDocument>(json, VaultJson.Compact) is { WaitsVersion: CurrentVersion, Sessions: not null } document
                && !document.Sessions.Contains(null) ? document : null;
        }
        catch (Exception exception) when (VaultJson.IsUnreadable(exception))
        {
            return null;
        }
    }
}
