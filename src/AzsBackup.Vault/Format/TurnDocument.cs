using System.Text.Json;

namespace AzsBackup.Vault.Format;

/// <summary>Whose turn it is to write about an item (FORMAT.md §13).</summary>
/// <param name="TurnVersion">1.</param>
/// <param name="Session">The session's id.</param>
/// <param name="Process">What the process calls itself, so that one on the same machine can tell whether it is gone.</param>
/// <param name="StartedAt">When the turn was taken, by its taker's clock; for people.</param>
internal sealed record TurnDocument(int TurnVersion, string Session, string Process, string StartedAt)
{
    public const int CurrentVersion = 1;

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, VaultJson.Compact);

    /// <summary>Reads what was written; <see langword="null"/> if the bytes are nothing of the kind.</summary>
    public static TurnDocument? TryRead(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<TurnDocument>(json, VaultJson.Compact)
                is { TurnVersion: CurrentVersion, Session: not null, Process: not null, StartedAt: not null } turn
                && ObjectNames.IsId(turn.Session) && JsonTime.TryRead(turn.StartedAt, out _) ? turn : null;
        }
        catch (Exception exception) when (VaultJson.IsUnreadable(exception))
        {
            return null;
        }
    }
}
