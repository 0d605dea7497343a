namespace AzsBackup.Emulator.Hosting;

/// <summary>Requests left of an hourly limit, which come back evenly with time. Safe for concurrent use.</summary>
internal sealed class Allowance(int limit)
{
    private readonly Lock _gate = new();
    private double _left = limit;
    private DateTimeOffset? _at;

    /// <summary>Takes one, and gives what is left; never less than 1.</summary>
    public int Take(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_at is { } earlier && now > earlier)
                _left = Math.Min(limit, _left + ((now - earlier).TotalHours * limit));
            _at = now;
            _left = Math.Max(1, _left - 1);
            return (int)_left;
        }
    }
}
