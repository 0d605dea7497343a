using System.Globalization;
using AzsBackup.Model;

namespace AzsBackup.Engine.Capture;

/// <summary>Counts what became of the resources of a capture, for the one error at its end.</summary>
public sealed class CaptureSummary
{
    private const int Named = 5;

    private readonly List<AzsResourceConfig> _missing = [];
    private int _all;

    /// <summary>Counts a resource.</summary>
    public void Add(AzsResourceConfig resource)
    {
        _all++;
        if (resource.Status is AzsCaptureStatus.Failed or AzsCaptureStatus.Partial) _missing.Add(resource);
    }

    /// <summary>What to tell of a capture that is not whole; null if it is. Says how many are missing, and names the first few.</summary>
    public AzsException? FindFailure(string place)
    {
        if (_missing.Count == 0) return null;
        var (failed, partial) = (_missing.Count(resource => resource.Status == AzsCaptureStatus.Failed), _missing.Count(resource => resource.Status == AzsCaptureStatus.Partial));
        var what = string.Join(" and ", new[] { failed > 0 ? $"{failed} are missing" : "", partial > 0 ? $"{partial} are not whole" : "" }.Where(part => part.Length > 0));
        var named = _missing.OrderBy(resource => resource.ResourceId, StringComparer.OrdinalIgnoreCase).Take(Named).Select(resource => $"{resource.ResourceId}: {resource.Reason}");
        var more = _missing.Count > Named ? $" And {_missing.Count - Named} more." : "";
        return new AzsException(
            AzsErrorKind.RemoteFailed,
            "CaptureIncomplete",
            string.Create(CultureInfo.InvariantCulture, $"Of {_all} resources, {what} in the export: {string.Join(' ', named)}{more}"),
            "See the Status and Reason of each result, then run the export again, or export what the sign-in may read.",
            place);
    }
}
