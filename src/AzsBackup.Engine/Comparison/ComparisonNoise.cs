using System.Collections.Concurrent;
using AzsBackup.Engine.Configuration;

namespace AzsBackup.Engine.Comparison;

/// <summary>
/// What a stack sets by itself and what therefore says nothing about what somebody changed: states, times, counters, what the
/// specifications flag as read-only, and back-references, which repeat on one resource what another one says. Addresses that
/// a stack gave are no noise: somebody relies on them.
/// </summary>
internal static class ComparisonNoise
{
    private static readonly HashSet<string> Anywhere = new(ResourceTypeTable.Default.Volatile, StringComparer.OrdinalIgnoreCase)
    {
        "changedTime", "createdBy", "createdOn", "createdTime", "creationTime", "lastEnabledTime", "lastModifiedTime", "lastModifiedTimeUtc",
        "maxNumberOfRecordSets", "numberOfRecordSets", "peeringState", "statuses", "timeCreated", "updatedBy", "updatedOn",
    };

    private static readonly ConcurrentDictionary<string, HashSet<string>> ByType = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a property is noise.</summary>
    /// <param name="type">The resource type.</param>
    /// <param name="path">The names on the way to the property, joined by dots, lists like single objects.</param>
    public static bool IsNoise(string type, string path) =>
        Anywhere.Contains(path[(path.LastIndexOf('.') + 1)..]) || ByType.GetOrAdd(type, Find).Contains(path);

    private static HashSet<string> Find(string type)
    {
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (ResourceTypeTable.Default.Find(type) is not { } known) return found;
        var paths = known.Volatile.Concat(known.BackReferences).Concat(known.ReadOnly.Flagged).Concat(known.ReadOnly.FlaggedLater).Except(known.ReadOnly.FlaggedOnGetButWritable);
        found.UnionWith(paths.Select(path => path.Replace(PropertyPath.Items, "", StringComparison.Ordinal)));
        return found;
    }
}
