using System.Text.Json;
using AzsBackup.Model;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Runs;

/// <summary>What runs write about themselves, as objects.</summary>
internal static class RunNote
{
    private static readonly JsonElement Nothing = JsonSerializer.SerializeToElement(new { });

    /// <summary>Whether this is the content of a note: a JSON object.</summary>
    public static JsonElement? TryRead(ReadOnlySpan<byte> content)
    {
        try
        {
            var note = JsonSerializer.Deserialize<JsonElement>(content);

            // Text that no string can hold shows only when it is asked for.
            return note.ValueKind == JsonValueKind.Object && note.GetRawText().Length > 0 ? note : null;
        }
        catch (Exception exception) when (VaultJson.IsUnreadable(exception))
        {
            return null;
        }
    }

    /// <summary>Writes a note and returns when it is durable. If there is one of this name, that stays.</summary>
    public static async Task WriteAsync(VaultAccess access, string name, JsonElement note, CancellationToken cancellationToken)
    {
        using var content = access.Sealer.Seal(ObjectRole.Run, name, JsonSerializer.SerializeToUtf8Bytes(note));
        await access.Store.TryCreateAsync(name, content.Memory, cancellationToken).ConfigureAwait(false);
        await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes what a run has left, or says that it is over.</summary>
    public static async Task RemoveAsync(VaultAccess access, RunFolder folder, string sessionId, RunParts parts)
    {
        bool gone = true;
        foreach (string name in folder.NamesOf(sessionId, parts).ToList())
        {
            gone = await RunFolder.TryDeleteAsync(access.Store, name).ConfigureAwait(false);
            if (!gone)
                break;
        }

        if (gone || (parts.Notes.Count == 0 && parts.Pages.Count == 0))
            return;
        try
        {
            await WriteAsync(access, RunNames.Note(folder.Name, sessionId, RunJournal.Ended), Nothing, CancellationToken.None).ConfigureAwait(false);
        }
        catch (AzsException)
        {
            // The store is out of reach: the next run finds out that there is nothing to go on from.
        }
    }
}
