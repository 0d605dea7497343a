using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Capture;

/// <summary>
/// Decides what a folder's capture is after a run: what the run found, what it was not asked for, and what it could not see
/// and must therefore not forget. Pure.
/// </summary>
public static class CaptureMerge
{
    /// <summary>Merges a run into an earlier capture.</summary>
    /// <param name="scopes">What the run was asked for.</param>
    /// <param name="found">What it found, parts of listings that were refused included.</param>
    /// <param name="earlier">The earlier capture's entries.</param>
    /// <returns>The entries by id, and the files of resources that are known to be gone.</returns>
    public static (IReadOnlyList<CaptureEntry> Entries, IReadOnlyList<string> GoneFiles) Merge(
        IReadOnlyList<ResourceId> scopes, IReadOnlyList<CaptureEntry> found, IReadOnlyList<CaptureEntry> earlier)
    {
        var byId = found.ToDictionary(entry => entry.Id, StringComparer.OrdinalIgnoreCase);
        var gone = new List<string>();
        foreach (var old in earlier)
        {
            if (byId.TryGetValue(old.Id, out var now))
            {
                // The last record of a resource that could not be read this time is better than none.
                if (now is { File: null, Status: AzsCaptureStatus.Failed } && old.File is not null)
                {
                    byId[old.Id] = now with { File = old.File, Reason = $"{now.Reason} The file is from an earlier export." };
                }
                else if (old.File is not null && old.File != now.File)
                {
                    gone.Add(old.File);
                }
            }
            else if (!CaptureManifest.Covers(scopes, old.Id) || MayBeThere(old, byId))
            {
                byId.Add(old.Id, old);
            }
            else if (old.File is not null)
            {
                gone.Add(old.File);
            }
        }

        return (byId.Values.OrderBy(entry => entry.Id, StringComparer.OrdinalIgnoreCase).ToList(), gone);
    }

    // Not listed is not gone where the listing it would be in was refused.
    private static bool MayBeThere(CaptureEntry old, Dictionary<string, CaptureEntry> found)
    {
        if (found.Values.Any(entry => entry.IsRefusedListing && old.Type.Equals(entry.Type, StringComparison.OrdinalIgnoreCase))) return true;
        for (var id = ResourceId.TryParse(old.Id, out var parsed) ? parsed.Parent : null; id is not null; id = id.Parent)
        {
            if (found.TryGetValue(id.ToString(), out var parent) && parent.Status is AzsCaptureStatus.Partial or AzsCaptureStatus.Failed) return true;
        }

        return false;
    }
}
