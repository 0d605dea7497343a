using System.Text.Json;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Settings;

/// <summary>One version of a setting (FORMAT.md §14).</summary>
internal sealed record SettingDocument
{
    public const int CurrentVersion = 1;

    public required int SettingVersion { get; init; }

    public required string Kind { get; init; }

    public required string Name { get; init; }

    /// <summary>When it was made, by its maker's clock.</summary>
    public required string MadeAt { get; init; }

    /// <summary>Whether this version says that the setting is no more.</summary>
    public required bool Removed { get; init; }

    /// <summary>The caller's: any JSON object.</summary>
    public required JsonElement Content { get; init; }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, VaultJson.Compact);

    /// <summary>Reads what <see cref="Write"/> wrote; <see langword="null"/> if these bytes are nothing of the kind.</summary>
    public static SettingDocument? TryRead(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<SettingDocument>(json, VaultJson.Compact) is
            {
                SettingVersion: CurrentVersion, Kind: not null, Name: not null, MadeAt: not null, Content.ValueKind: JsonValueKind.Object
            }
            setting && JsonTime.TryRead(setting.MadeAt, out _) ? setting : null;
        }
        catch (Exception exception) when (VaultJson.IsUnreadable(exception))
        {
            return null;
        }
    }

    /// <summary>What is wrong with these bytes; <see langword="null"/> if they are a setting.</summary>
    public static string? Examine(ReadOnlyMemory<byte> json) => TryRead(json.Span) is null ? "it is not a setting that this version knows." : null;
}
