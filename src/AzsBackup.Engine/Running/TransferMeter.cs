namespace AzsBackup.Engine.Running;

/// <summary>Counts what one VM's transfer has done and tells the log. Safe for concurrent use.</summary>
/// <param name="subject">The VM's name.</param>
/// <param name="activity">What is being done, for example <c>Backing up</c>.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Where progress goes.</param>
public sealed class TransferMeter(string subject, string activity, TimeProvider clock, IRunLog log)
{
    private readonly long _started = clock.GetTimestamp();
    private long _done;
    private long _total;

    /// <summary>Time since the transfer began.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(_started);

    /// <summary>Bytes dealt with so far.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>Says that there is more to deal with.</summary>
    public void Expect(long bytes)
    {
        Interlocked.Add(ref _total, bytes);
        Report(finished: false);
    }

    /// <summary>Says that some of it has been dealt with, by moving it or by knowing that it need not be moved.</summary>
    public void Add(long bytes)
    {
        if (bytes == 0) return;
        Interlocked.Add(ref _done, bytes);
        Report(finished: false);
    }

    /// <summary>Says the last word.</summary>
    public void Finish() => Report(finished: true);

    private void Report(bool finished) =>
        log.Progress(new TransferProgress(subject, activity, Done, Interlocked.Read(ref _total), Elapsed, finished));
}
