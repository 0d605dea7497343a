using System.Text.Json;
using System.Text.Json.Serialization;
using AzsBackup.Model;
using AzsBackup.Vault.Runs;

namespace AzsBackup.Engine.Backup.Resuming;

/// <summary>What a run notes before it makes a guest quiet, so that somebody lets it go on should the run die.</summary>
/// <param name="Format">The version of the note.</param>
/// <param name="VmId">The VM's ARM id.</param>
/// <param name="Consistency">How it is made quiet.</param>
/// <param name="At">When (UTC).</param>
internal sealed record GuestNote(string Format, string VmId, AzsConsistency Consistency, DateTime At)
{
    /// <summary>What the note is called in the vault.</summary>
    public const string NoteName = "guest";

    /// <summary>What the note is called that says that the guest goes on.</summary>
    public const string ClosedName = "thawed";

    /// <summary>The version that this engine writes.</summary>
    public const string CurrentFormat = "azsbackup-vm-guest/1";

    private static readonly JsonSerializerOptions Style = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Whether a run has left a guest quiet, as far as anybody knows.</summary>
    public static bool IsOpen(UnfinishedRun run) => run.HasNote(NoteName) && !run.HasNote(ClosedName);

    /// <summary>Reads a note; null if it is none that this version knows.</summary>
    public static GuestNote? Read(JsonElement? note)
    {
        try
        {
            return note?.Deserialize<GuestNote>(Style) is { Format: CurrentFormat, VmId: not null } read ? read : null;
        }
        catch (Exception unknown) when (unknown is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The note's content.</summary>
    public JsonElement Write() => JsonSerializer.SerializeToElement(this, Style);
}
