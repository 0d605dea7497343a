namespace AzsBackup.Azure.Transport;

/// <summary>
/// Notices that nothing moves any more. A connection that has silently died is otherwise found out by nobody: TCP by itself waits
/// for ever to read.
/// </summary>
internal sealed class StallWatch : IDisposable
{
    /// <summary>How often it is looked. A timer that recurs costs each piece of a body nothing but a mark.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenRegistration _given;
    private readonly ITimer _timer;
    private int _most;
    private int _looks;
    private int _waiting = 1;

    /// <summary>Begins to watch.</summary>
    /// <param name="clock">The time.</param>
    /// <param name="limit">How long nothing may move; it may be a few seconds more.</param>
    /// <param name="cancellationToken">Cancels <see cref="Token"/> as well.</param>
    public StallWatch(TimeProvider clock, TimeSpan limit, CancellationToken cancellationToken)
    {
        _most = LooksIn(limit);
        _given = cancellationToken.UnsafeRegister(static state => ((StallWatch)state!)._stop.Cancel(), this);
        _timer = clock.CreateTimer(static state => ((StallWatch)state!).Check(), this, Look, Look);
    }

    /// <summary>Cancelled when nothing has moved for too long.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Whether that is why.</summary>
    public bool HasStalled { get; private set; }

    /// <summary>Something moved.</summary>
    public void Move() => Volatile.Write(ref _looks, 0);

    /// <summary>From now on somebody waits for something to move.</summary>
    /// <param name="limit">How long nothing may move.</param>
    public void Begin(TimeSpan limit)
    {
        Move();
        Volatile.Write(ref _most, LooksIn(limit));
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

    /// <summary>The first look may come right after something moved, and so does not count.</summary>
    private static int LooksIn(TimeSpan limit) => (int)Math.Ceiling(limit / Look) + 1;

    private void Check()
    {
        if (Volatile.Read(ref _waiting) == 0 || Interlocked.Increment(ref _looks) < Volatile.Read(ref _most)) return;
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
