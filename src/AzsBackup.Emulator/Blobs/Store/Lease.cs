namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>
/// The lease of a blob or of a container: who may write or delete it, until when. The transitions follow "Lease Blob" and
/// "Lease Container" (learn.microsoft.com); recordings confirm acquire, renew, release, break and lost leases, not change. Safe to call from any thread.
/// </summary>
/// <param name="kind">blob or container, for the words of refusals.</param>
/// <param name="clock">Decides what has expired.</param>
internal sealed class Lease(string kind, ServiceClock clock)
{
    private readonly Lock _gate = new();
    private string? _id;
    private TimeSpan? _duration;
    private DateTimeOffset? _expiry;
    private DateTimeOffset? _brokenAt;

    /// <summary>The state, and whether the lease is infinite.</summary>
    public (LeaseState State, bool IsInfinite) Current
    {
        get
        {
            lock (_gate)
                return (State(), _duration is null);
        }
    }

    /// <summary>Takes the lease; who holds it already may take it again.</summary>
    /// <param name="id">The id proposed.</param>
    /// <param name="duration">Null: without end.</param>
    public void Acquire(string id, TimeSpan? duration)
    {
        lock (_gate)
        {
            var state = State();
            if (state == LeaseState.Breaking)
                throw id == _id ? BlobErrors.LeaseIsBreakingAndCannotBeAcquired() : BlobErrors.LeaseAlreadyPresent();
            if (state == LeaseState.Leased && id != _id)
                throw BlobErrors.LeaseAlreadyPresent();
            (_id, _duration, _expiry, _brokenAt) = (id, duration, clock.Now + duration, null);
        }
    }

    /// <summary>Starts the duration anew; an expired lease that nobody has taken meanwhile lives again.</summary>
    public void Renew(string id)
    {
        lock (_gate)
        {
            var state = State();
            if (_id != id)
                throw BlobErrors.LeaseIdMismatchWithLeaseOperation();
            if (state is LeaseState.Breaking or LeaseState.Broken)
                throw BlobErrors.LeaseIsBrokenAndCannotBeRenewed();
            _expiry = clock.Now + _duration;
        }
    }

    /// <summary>Gives the lease another id. Asking twice is no error.</summary>
    public void Change(string id, string proposed)
    {
        lock (_gate)
        {
            var state = State();
            if (state is not (LeaseState.Leased or LeaseState.Breaking))
                throw BlobErrors.LeaseNotPresentWithLeaseOperation(kind);
            if (_id != id && _id != proposed)
                throw BlobErrors.LeaseIdMismatchWithLeaseOperation();
            if (state == LeaseState.Breaking)
                throw BlobErrors.LeaseIsBreakingAndCannotBeChanged();
            _id = proposed;
        }
    }

    /// <summary>Ends the lease at once.</summary>
    public void Release(string id)
    {
        lock (_gate)
        {
            if (_id != id)
                throw BlobErrors.LeaseIdMismatchWithLeaseOperation();
            Clear();
        }
    }

    /// <summary>Ends the lease without its id: after the period, but no later than it would have ended, or a break under way.</summary>
    /// <param name="period">Null: what is left of the lease, and nothing for an infinite one.</param>
    /// <returns>Time until the lease is broken.</returns>
    public TimeSpan Break(TimeSpan? period)
    {
        lock (_gate)
        {
            var now = clock.Now;
            var left = State() switch
            {
                LeaseState.Available => throw BlobErrors.LeaseNotPresentWithLeaseOperation(kind),
                LeaseState.Leased => Shorter(period ?? _expiry - now ?? TimeSpan.Zero, _expiry - now),
                LeaseState.Breaking => Shorter(period ?? _brokenAt!.Value - now, _brokenAt - now),
                _ => TimeSpan.Zero,
            };
            _brokenAt = now + left;
            return left;
        }
    }

    /// <summary>Refuses a change that must show the lease and doesn't. A change of something whose lease has ended frees it.</summary>
    public void CheckWrite(string? id)
    {
        lock (_gate)
        {
            CheckGiven(id);
            if (id is null && State() is LeaseState.Leased or LeaseState.Breaking)
                throw BlobErrors.LeaseIdMissing(kind);
            if (id is null)
                Clear();
        }
    }

    /// <summary>Refuses a request that names a lease other than the present one; one that names none may go on.</summary>
    public void CheckRead(string? id)
    {
        lock (_gate)
            CheckGiven(id);
    }

    /// <summary>Nothing is left of the lease, whoever held it: what it was on is gone.</summary>
    public void Drop()
    {
        lock (_gate)
            Clear();
    }

    private void CheckGiven(string? id)
    {
        if (id is null)
            return;
        var state = State();
        if (state == LeaseState.Available)
            throw BlobErrors.LeaseNotPresent(kind);
        if (id != _id)
            throw BlobErrors.LeaseIdMismatch(kind);
        if (state is LeaseState.Expired or LeaseState.Broken)
            throw BlobErrors.LeaseLost(kind);
    }

    private LeaseState State()
    {
        var now = clock.Now;
        return _id is null ? LeaseState.Available
            : _brokenAt is { } end ? (now < end ? LeaseState.Breaking : LeaseState.Broken)
            : now >= _expiry ? LeaseState.Expired
            : LeaseState.Leased;
    }

    private void Clear() => (_id, _duration, _expiry, _brokenAt) = (null, null, null, null);

    private static TimeSpan Shorter(TimeSpan asked, TimeSpan? limit) => limit < asked ? limit.Value : asked;
}
