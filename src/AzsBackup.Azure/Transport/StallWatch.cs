namespace AzsBackup.Azure.Transport;

/// <summary>
/// Notices that nothing moves any more. A connection that has silently died is otherwise found out by nobody: TCP by itself waits
/// for ever to read.
/// </summary>
internal sealed class StallWatch : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenRegistration _given;
    private readonly ITimer _timer;
    private long _limitTicks;
    private long _moved;
    private int _waiting = 1;

    /// <summary>Begins to watch.</summary>
    /// <param name="clock">The time. It is looked at now and then, by a timer that recurs.</param>
    /// <param name="limit">How long nothing may move.</param>
    /// <param name="cancellationToken">Cancels <see cref="Token"/> as well.</param>
    public StallWatch(TimeProvider clock, TimeSpan limit, CancellationToken cancellationToken)
    {
        _clock = clock;
        _limitTicks = limit.Ticks;
        _moved = clock.GetTimestamp();
        _given = cancellationToken.UnsafeRegister(static state => ((StallWatch)state!)._stop.Cancel(), this);
        _timer = clock.CreateTimer(static state => ((StallWatch)state!).Look(), this, limit / 4, limit / 4);
    }

    /// <summary>Cancelled when nothing has moved for too long.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Whether that is why.</summary>
    public bool HasStalled { get; private set; }

    /// <summary>Something moved.</summary>
    public void Move() => Volatile.Write(ref _moved, _clock.GetTimestamp());

    /// <summary>From now on somebody waits for something to move.</summary>
    /// <param name="limit">How long nothing may move.</param>
    public void Begin(TimeSpan limit)
    {
        Move();
        Volatile.Write(ref _limitTicks, limit.Ticks);
        Volatile.Write(ref _waiting, 1);
    }

    /// <summary>Nobody waits: whoever takes the bytes does something else.</summary>
    public void Rest() => Volatile.Write(ref _waiting, 0);

    /// <summary>Cancels what is under way, for another reason.</summary>
    public void Cancel() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _given.Dispose();
        _stop.Dispose();
    }

    private void Look()
    {
        if (Volatile.Read(ref _waiting) == 0 || _clock.GetElapsedTime(Volatile.Read(ref _moved)).Ticks < Volatile.Read(ref _limitTicks)) return;
        HasStalled = true;
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended while the timer ticked.
        }
    }
}
