using System.Text.Json;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Jobs;

/// <summary>The beginning or the end of a run (FORMAT.md §15).</summary>
internal sealed record JobDocument
{
    public const int CurrentVersion = 1;

    public required int JobVersion { get; init; }

    /// <summary>32 random hex digits, the same in beginning and end: no two runs have the same record, though begun in the same moment.</summary>
    public required string Id { get; init; }

    /// <summary>What is run: chosen by the caller.</summary>
    public required string Subject { get; init; }

    /// <summary>The session that shows whether the run lives.</summary>
    public required string Session { get; init; }

    /// <summary>What its process calls itself (§13).</summary>
    public required string Process { get; init; }

    /// <summary>When it began or ended, by the writer's clock.</summary>
    public required string At { get; init; }

    /// <summary>The caller's: any JSON object.</summary>
    public required JsonElement Details { get; init; }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, VaultJson.Compact);

    /// <summary>Reads what <see cref="Write"/> wrote; <see langword="null"/> if these bytes are nothing of the kind.</summary>
    public static JobDocument? TryRead(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<JobDocument>(json, VaultJson.Compact) is
            {
                JobVersion: CurrentVersion, Id: not null, Subject: not null, Session: not null, Process: not null, At: not null, Details.ValueKind: JsonValueKind.Object
            }
            job && JsonTime.TryRead(job.At, out _) ? job : null;
        }
        catch (Exception exception) when (VaultJson.IsUnreadable(exception))
        {
            return null;
        }
    }
}
