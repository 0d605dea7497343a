namespace AzsBackup.Emulator.Faults;

/// <summary>Holds a body to a rate, and lets it stall.</summary>
internal sealed class BodyPace(BodyFault fault, TimeProvider clock, CancellationToken aborted)
{
    /// <summary>Bytes that pass at once under a rate: a tenth of a second's worth, so that a client sees a flow.</summary>
    public int Most { get; } = (int)Math.Clamp((fault.Rate ?? long.MaxValue) / 10, 1, 1 << 20);

    private readonly long _start = clock.GetTimestamp();
    private bool _hasStalled;

    /// <summary>Waits until <paramref name="passed"/> bytes may have passed.</summary>
    public async ValueTask HoldAsync(long passed)
    {
        if (fault.StallAfter is { } stall && passed >= stall && !_hasStalled)
        {
            _hasStalled = true;
            await Task.Delay(fault.StallTime ?? Timeout.InfiniteTimeSpan, clock, aborted);
        }

        if (fault.Rate is not { } rate)
            return;
        TimeSpan due = TimeSpan.FromSeconds((double)passed / rate) - clock.GetElapsedTime(_start);
        if (due > TimeSpan.Zero)
            await Task.Delay(due, clock, aborted);
    }
}
