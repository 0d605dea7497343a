using System.Text.Json;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Removal;

/// <summary>A mark: one entry of a log that only grows (FORMAT.md §11).</summary>
internal sealed record MarkDocument
{
    public const int CurrentVersion = 1;

    /// <summary>A hundred years: what is longer is a mistake.</summary>
    public const long MaximumSeconds = 100L * 366 * 24 * 3600;

    public required int MarkVersion { get; init; }

    public required string Kind { get; init; }

    /// <summary>When it was made, by its maker's clock and by no less than what the vault shows to have passed.</summary>
    public required string MadeAt { get; init; }

    /// <summary>Of a removal, the delay; of a minimum, the age. Else 0.</summary>
    public required long Seconds { get; init; }

    /// <summary>Of a lock, until when. Else empty.</summary>
    public required string Until { get; init; }

    /// <summary>Of a removal, whether a retention policy asked for it.</summary>
    public required bool ByRetention { get; init; }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, VaultJson.Compact);

    /// <summary>Reads what <see cref="Write"/> wrote; <see langword="null"/> if these bytes are no mark this version knows.</summary>
    public static MarkDocument? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<MarkDocument>(json, VaultJson.Compact) is { MarkVersion: CurrentVersion, Kind: not null, MadeAt: not null, Until: not null } mark
                && mark.Kind is MarkKind.Remove or MarkKind.Keep or MarkKind.Pin or MarkKind.Unpin or MarkKind.Lock or MarkKind.Removing or MarkKind.Minimum
                && mark.Seconds is >= 0 and <= MaximumSeconds
                && JsonTime.TryRead(mark.MadeAt, out _)
                && (mark.Kind == MarkKind.Lock ? JsonTime.TryRead(mark.Until, out _) : mark.Until.Length == 0)
                    ? mark
                    : null;
        }
        catch (Exception exception) when (VaultJson.IsUnreadable(exception))
        {
            return null;
        }
    }

    /// <summary>What is wrong with these bytes; <see langword="null"/> if they are a mark.</summary>
    public static string? Examine(ReadOnlyMemory<byte> json) => Read(json.Span) is null ? "it is not a mark that this version knows." : null;
}
