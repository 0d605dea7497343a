using System.Collections.Concurrent;

namespace AzsBackup.Tests.Azure.Fakes;

/// <summary>
/// A clock on which every wait is over at once, and which moves on by as much. What recurs, as watches over silence do, recurs in
/// real time.
/// </summary>
public sealed class InstantTimeProvider : TimeProvider
{
    private long _ticks = DateTimeOffset.UtcNow.Ticks;

    /// <summary>The waits asked for, in order.</summary>
    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    /// <summary>Called when something waits.</summary>
    public Action Waiting { get; set; } = static () => { };

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period != Timeout.InfiniteTimeSpan) return System.CreateTimer(callback, state, Beat ?? period, Beat ?? period);
        Waits.Enqueue(dueTime);
        Interlocked.Add(ref _ticks, dueTime.Ticks);
        Waiting();
        ThreadPool.QueueUserWorkItem(_ => callback(state));
        return new SpentTimer();
    }

    /// <summary>How often what recurs does so in real time, whatever it asks for; as it asks if null.</summary>
    public TimeSpan? Beat { get; init; }

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

    private sealed class SpentTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
