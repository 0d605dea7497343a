using System.Text.Json;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Proofs;

/// <summary>A proof as it is stored (FORMAT.md §16).</summary>
internal sealed record ProofDocument
{
    public const int CurrentVersion = 1;

    /// <summary>The longest text, in characters.</summary>
    public const int MaximumText = 4096;

    private const int MaximumLevel = 32;
    private const long MaximumMilliseconds = 100L * 366 * 24 * 3600 * 1000;

    public required int ProofVersion { get; init; }

    /// <summary>The id of the point that was proven.</summary>
    public required string Point { get; init; }

    /// <summary>What was proven: a word of the caller's.</summary>
    public required string Level { get; init; }

    public required bool Passed { get; init; }

    /// <summary>When the proof began, by its maker's clock.</summary>
    public required string StartedAt { get; init; }

    public required long Milliseconds { get; init; }

    /// <summary>Who made it, on which machine.</summary>
    public required string By { get; init; }

    /// <summary>What was found, for people.</summary>
    public required string Statement { get; init; }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, VaultJson.Compact);

    /// <summary>Whether a text is a level: 1 to 32 small letters.</summary>
    public static bool IsLevel(string text) => text.Length is > 0 and <= MaximumLevel && text.All(char.IsAsciiLetterLower);

    /// <summary>Reads what <see cref="Write"/> wrote; <see langword="null"/> if these bytes are no proof this version knows.</summary>
    public static ProofDocument? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<ProofDocument>(json, VaultJson.Compact) is
            { ProofVersion: CurrentVersion, Point: not null, Level: not null, StartedAt: not null, By: { Length: <= MaximumText }, Statement: { Length: <= MaximumText } } proof
                && ObjectNames.IsId(proof.Point)
                && IsLevel(proof.Level)
                && proof.Milliseconds is >= 0 and <= MaximumMilliseconds
                && JsonTime.TryRead(proof.StartedAt, out _)
                    ? proof
                    : null;
        }
        catch (Exception exception) when (VaultJson.IsUnreadable(exception))
        {
            return null;
        }
    }

    /// <summary>What is wrong with these bytes; <see langword="null"/> if they are a proof.</summary>
    public static string? Examine(ReadOnlyMemory<byte> json) => Read(json.Span) is null ? "it is not a proof that this version knows." : null;
}
