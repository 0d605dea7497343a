namespace AzsBackup.Tests.Azure.Fakes;

/// <summary>A clock that stands still until a test moves it; timers go off in their order on the way.</summary>
/// <remarks>What recurs never does: the watches over silence keep quiet.</remarks>
/// <param name="start">When it begins.</param>
public sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private int _waits;
    private long _ticks = start.UtcTicks;

    public ManualTimeProvider() : this(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _waits);
        var recurs = period != Timeout.InfiniteTimeSpan || dueTime == Timeout.InfiniteTimeSpan;
        var timer = new ManualTimer(this, callback, state, recurs ? long.MaxValue : GetTimestamp() + dueTime.Ticks);
        if (recurs) return timer;
        lock (_gate) _timers.Add(timer);
        return timer;
    }

    /// <summary>How many timers were ever made.</summary>
    public int Waits => _waits;

    /// <summary>The time until the next timer goes off; null if there is none.</summary>
    public TimeSpan? UntilNext
    {
        get
        {
            lock (_gate) return _timers.Count == 0 ? null : TimeSpan.FromTicks(_timers.Min(timer => timer.Due) - GetTimestamp());
        }
    }

    public void Advance(TimeSpan time)
    {
        var end = GetTimestamp() + time.Ticks;
        while (Next(end) is { } timer)
        {
            Interlocked.Exchange(ref _ticks, Math.Max(timer.Due, GetTimestamp()));
            timer.GoOff();
        }

        Interlocked.Exchange(ref _ticks, end);
    }

    private ManualTimer? Next(long end)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (next is not null) _timers.Remove(next);
            return next;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state, long due) : ITimer
    {
        public long Due => due;

        public void GoOff() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose()
        {
            lock (owner._gate) owner._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
