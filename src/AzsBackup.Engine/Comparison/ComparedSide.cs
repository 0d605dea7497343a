using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Comparison;

/// <summary>One side of a comparison: what it has, and what it could not see.</summary>
internal sealed class ComparedSide
{
    private readonly string _name;
    private readonly Dictionary<string, CaptureEntry> _byId;
    private readonly ILookup<string, CaptureEntry> _refusedByType;

    public ComparedSide(string name, CaptureContent content)
    {
        _name = name;
        _byId = content.Entries.Where(entry => ResourceId.TryParse(entry.Id, out _)).ToDictionary(entry => entry.Id, StringComparer.OrdinalIgnoreCase);
        _refusedByType = content.Entries.Where(entry => entry.IsRefusedListing).ToLookup(entry => entry.Type, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The ids of the resources that were listed.</summary>
    public IEnumerable<string> Ids => _byId.Keys;

    /// <summary>The record of a resource; null if it was not listed.</summary>
    public CaptureEntry? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Why this side says nothing about a resource; null if what it says, or that it does not have it, holds.</summary>
    public string? Blindness(string id)
    {
        if (Find(id) is { } entry)
        {
            return entry.Status is AzsCaptureStatus.Captured or AzsCaptureStatus.Partial ? null : $"The {_name} could not capture it: {entry.Reason}";
        }

        var missing = ResourceId.Parse(id);
        if (_refusedByType[missing.Type].FirstOrDefault() is { } refused) return $"The {_name} could not list resources of its type: {refused.Reason}";
        for (var parent = missing.Parent; parent is not null; parent = parent.Parent)
        {
            if (Find(parent.ToString()) is { Status: not AzsCaptureStatus.Captured } above)
            {
                return $"The {_name} did not capture all of what it belongs to: {above.Reason}";
            }
        }

        return null;
    }
}
