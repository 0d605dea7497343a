namespace AzsBackup.Azure.Transport;

/// <summary>
/// What a service has told of its limits, and how far apart requests must be so that they don't run into one. The size of a limit
/// is not told: the most that was ever left stands for it. Not safe for concurrent use.
/// </summary>
internal sealed class AllowanceLedger
{
    /// <summary>Below this share of a limit, requests go no faster than the limit would allow for ever.</summary>
    private const double LowShare = 0.1;

    private readonly Dictionary<string, (int Most, RequestAllowance Last)> _limits = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The least time between requests; zero while there is plenty.</summary>
    public TimeSpan Spacing { get; private set; }

    /// <summary>Takes note of what an answer told.</summary>
    public void Note(IEnumerable<RequestAllowance> allowances)
    {
        var changed = false;
        foreach (var told in allowances)
        {
            var most = _limits.TryGetValue(told.Name, out var known) ? Math.Max(known.Most, told.Left) : told.Left;
            _limits[told.Name] = (most, told);
            changed = true;
        }

        if (!changed) return;
        Spacing = _limits.Values
            .Where(limit => limit.Last.Left <= limit.Most * LowShare)
            .Select(limit => limit.Last.Window / Math.Max(limit.Most, 1))
            .DefaultIfEmpty(TimeSpan.Zero).Max();
    }
}
