using AzsBackup.Model;

namespace AzsBackup.Azure.Transport;

/// <summary>
/// How many requests one service may be sent, learnt from its answers and shared by all workers of the process. When it answers 429
/// or 503, everybody waits, for as long as it asks or ever longer, and then one request goes ahead alone; with each that succeeds one
/// more may be under way, as TCP comes back from a congestion (RFC 5681: slow start up to half of what was under way when the storm
/// broke, then one more per round). First come, first served. Safe for concurrent use.
/// </summary>
/// <remarks>
/// The limiters of System.Threading.RateLimiting have rates fixed at their making, can't be paused, and take no <see cref="TimeProvider"/>.
/// </remarks>
internal sealed class RequestBudget(TimeProvider clock, Jitter jitter)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestOwnPause = TimeSpan.FromSeconds(30);

    /// <summary>With so many under way at once and no refusal, the storm is over. No command has more per service.</summary>
    private const int OpenWindow = 128;

    private readonly object _gate = new();
    private readonly long _origin = clock.GetTimestamp();
    private readonly LinkedList<Waiter> _queue = new();
    private readonly AllowanceLedger _ledger = new();
    private double _window = double.PositiveInfinity;
    private double _threshold;
    private int _underWay;
    private long _storms;
    private int _inARow;
    private TimeSpan _closedUntil;
    private TimeSpan _nextTurn;
    private ITimer? _timer;
    private TimeSpan _timerAt;

    /// <summary>The time by the budget's clock, from its own beginning.</summary>
    public TimeSpan Now => clock.GetElapsedTime(_origin);

    /// <summary>Requests under way and waiting, for tests.</summary>
    public (int UnderWay, int Waiting) Load
    {
        get
        {
            lock (_gate) return (_underWay, _queue.Count);
        }
    }

    /// <summary>Waits for leave to send a request.</summary>
    /// <param name="deadline">By <see cref="Now"/>: how long the wait may last.</param>
    /// <param name="cancellationToken">Stops the wait at once.</param>
    /// <exception cref="AzsException"><c>RequestsThrottled</c>: the service wants no request before the deadline. None was sent.</exception>
    public ValueTask<RequestTurn> EnterAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter;
        lock (_gate)
        {
            var now = Now;
            if (_queue.Count == 0 && MayGo(now)) return new ValueTask<RequestTurn>(Start(now));
            if (Earliest(_queue.Count) > deadline) throw Refusal();
            waiter = new Waiter(deadline);
            waiter.Place = _queue.AddLast(waiter);
            Pump();
        }

        return new ValueTask<RequestTurn>(WaitAsync(waiter, cancellationToken));
    }

    /// <summary>Whether a request sent again could go before a deadline.</summary>
    public bool OpensBefore(TimeSpan deadline)
    {
        lock (_gate) return _closedUntil <= deadline && Now <= deadline;
    }

    /// <summary>A request was answered as it should be.</summary>
    public void Succeeded(RequestTurn turn, IEnumerable<RequestAllowance> allowances)
    {
        lock (_gate)
        {
            _underWay--;
            _ledger.Note(allowances);
            if (turn.Storm == _storms && !double.IsInfinity(_window))
            {
                _inARow = 0;
                _window += _window < _threshold ? 1 : 1 / _window;
                if (_window >= OpenWindow) _window = double.PositiveInfinity;
            }

            Pump();
        }
    }

    /// <summary>A request was refused because there are too many.</summary>
    public void Throttled(RequestTurn turn, TimeSpan? asked)
    {
        lock (_gate)
        {
            var wait = asked is { } told ? told + TimeSpan.FromSeconds(jitter.Next() / 2) : TimeSpan.Zero;
            if (turn.Storm == _storms)
            {
                // One that set out before others were refused tells nothing new.
                _threshold = Math.Max(1, Math.Min(_window, _underWay) / 2);
                _window = 1;
                _storms++;
                var own = TimeSpan.FromSeconds(
                    Math.Min(FirstPause.TotalSeconds * Math.Pow(2, Math.Min(_inARow, 30)), LongestOwnPause.TotalSeconds) * (0.5 + (jitter.Next() / 2)));
                if (asked is null || (_inARow > 0 && own > wait)) wait = own;
                _inARow++;
            }

            _underWay--;
            if (Now + wait > _closedUntil) _closedUntil = Now + wait;
            for (var place = _queue.First; place is not null;)
            {
                var next = place.Next;
                if (_closedUntil > place.Value.Deadline)
                {
                    Leave(place.Value);
                    place.Value.Turn.TrySetException(Refusal());
                }

                place = next;
            }

            Pump();
        }
    }

    /// <summary>A request ended without an answer that tells anything about limits.</summary>
    public void Ended()
    {
        lock (_gate)
        {
            _underWay--;
            Pump();
        }
    }

    private async Task<RequestTurn> WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        using var cancelling = cancellationToken.UnsafeRegister(
            _ =>
            {
                lock (_gate) Leave(waiter);
                waiter.Turn.TrySetCanceled(cancellationToken);
            },
            null);
        return await waiter.Turn.Task.ConfigureAwait(false);
    }

    private void Leave(Waiter waiter)
    {
        if (waiter.Place is { } place) _queue.Remove(place);
        waiter.Place = null;
    }

    private bool MayGo(TimeSpan now) => now >= _closedUntil && now >= _nextTurn && _underWay < Math.Max(1, Math.Floor(_window));

    private TimeSpan Earliest(int ahead)
    {
        var opens = _closedUntil > _nextTurn ? _closedUntil : _nextTurn;
        var now = Now;
        return (opens > now ? opens : now) + (_ledger.Spacing * ahead);
    }

    private RequestTurn Start(TimeSpan now)
    {
        _underWay++;
        _nextTurn = now + _ledger.Spacing;
        return new RequestTurn(this, _storms);
    }

    private void Pump()
    {
        while (_queue.First is { } first)
        {
            var now = Now;
            if (!MayGo(now))
            {
                var opens = _closedUntil > _nextTurn ? _closedUntil : _nextTurn;
                if (opens > now) WakeAt(opens, now);
                return;
            }

            var waiter = first.Value;
            Leave(waiter);
            waiter.Turn.TrySetResult(Start(now));
        }
    }

    private void WakeAt(TimeSpan time, TimeSpan now)
    {
        if (_timer is not null && _timerAt <= time) return;
        _timer?.Dispose();
        _timerAt = time;
        // A tick more than asked: a timer of whole milliseconds must not wake just before the time.
        _timer = clock.CreateTimer(_ => Wake(), null, time - now + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    private void Wake()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
            Pump();
        }
    }

    private AzsException Refusal()
    {
        var until = clock.GetUtcNow() + (_closedUntil - Now);
        return new AzsException(
            AzsErrorKind.LimitExceeded,
            "RequestsThrottled",
            $"The stack takes no more requests of this kind until {until:u}: it was sent too many.",
            "Try again after that time, or run fewer operations against this subscription at once.");
    }

    private sealed class Waiter(TimeSpan deadline)
    {
        public TimeSpan Deadline { get; } = deadline;

        public TaskCompletionSource<RequestTurn> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LinkedListNode<Waiter>? Place { get; set; }
    }
}
