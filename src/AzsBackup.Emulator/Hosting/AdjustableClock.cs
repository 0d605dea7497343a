namespace AzsBackup.Emulator.Hosting;

/// <summary>The stack's wall clock: another clock plus an offset that the control endpoint and tests move forward.</summary>
/// <remarks>Only the wall clock is moved. Timers and timestamps stay those of the inner clock, so latency faults last as long as they say.</remarks>
public sealed class AdjustableClock : TimeProvider
{
    private readonly TimeProvider _inner;
    private long _offsetTicks;

    /// <summary>Starts at the time of <paramref name="inner"/>, moved by <paramref name="offset"/>.</summary>
    public AdjustableClock(TimeProvider inner, TimeSpan offset = default)
    {
        _inner = inner;
        _offsetTicks = offset.Ticks;
    }

    /// <summary>Is told the whole offset after each move.</summary>
    public Action<TimeSpan>? Moved { get; set; }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => _inner.TimestampFrequency;

    /// <summary>Moves the wall clock by <paramref name="time"/>, which may be negative.</summary>
    public void Advance(TimeSpan time) => Moved?.Invoke(TimeSpan.FromTicks(Interlocked.Add(ref _offsetTicks, time.Ticks)));

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _inner.GetUtcNow().AddTicks(Interlocked.Read(ref _offsetTicks));

    /// <inheritdoc/>
    public override long GetTimestamp() => _inner.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        => _inner.CreateTimer(callback, state, dueTime, period);
}
