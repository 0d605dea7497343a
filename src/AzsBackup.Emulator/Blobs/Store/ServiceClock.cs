namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>Time as the service stamps it: no two stamps are equal, however fast requests follow each other.</summary>
internal sealed class ServiceClock(TimeProvider time)
{
    private long _last;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Stamps from now on come behind one that was given before a restart.</summary>
    public void StartBehind(DateTimeOffset stamp) => _last = Math.Max(_last, stamp.UtcTicks);

    /// <summary>Now, or 100 ns behind the last stamp if the clock has not moved since.</summary>
    public DateTimeOffset Stamp()
    {
        while (true)
        {
            var last = Interlocked.Read(ref _last);
            var next = Math.Max(time.GetUtcNow().UtcTicks, last + 1);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return new DateTimeOffset(next, TimeSpan.Zero);
        }
    }
}
