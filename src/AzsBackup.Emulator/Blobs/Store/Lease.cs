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
    private LeaseTerms _terms = LeaseTerms.None;

    /// <summary>The lease as it was taken; set after a restart.</summary>
    public LeaseTerms Terms
    {
        get
        {
            lock (_gate)
                return _terms;
        }

        set
        {
            lock (_gate)
                _terms = value;
        }
    }

    /// <summary>The state, and whether the lease is infinite.</summary>
    public (LeaseState State, bool IsInfinite) Current
    {
        get
        {
            lock (_gate)
                return (State(), _terms.Duration is null);
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
                throw id == _terms.Id ? BlobErrors.LeaseIsBreakingAndCannotBeAcquired() : BlobErrors.LeaseAlreadyPresent();
            if (state == LeaseState.Leased && id != _terms.Id)
                throw BlobErrors.LeaseAlreadyPresent();
            _terms = new LeaseTerms(id, duration, clock.Now + duration, null);
        }
    }

    /// <summary>Starts the duration anew; an expired lease that nobody has taken meanwhile lives again.</summary>
    public void Renew(string id)
    {
        lock (_gate)
        {
            var state = State();
            if (_terms.Id != id)
                throw BlobErrors.LeaseIdMismatchWithLeaseOperation();
            if (state is LeaseState.Breaking or LeaseState.Broken)
                throw BlobErrors.LeaseIsBrokenAndCannotBeRenewed();
            _terms = _terms with { Expiry = clock.Now + _terms.Duration };
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
            if (_terms.Id != id && _terms.Id != proposed)
                throw BlobErrors.LeaseIdMismatchWithLeaseOperation();
            if (state == LeaseState.Breaking)
                throw BlobErrors.LeaseIsBreakingAndCannotBeChanged();
            _terms = _terms with { Id = proposed };
        }
    }

    /// <summary>Ends the lease at once.</summary>
    public void Release(string id)
    {
        lock (_gate)
        {
            if (_terms.Id != id)
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
                LeaseState.Leased => Shorter(period ?? _terms.Expiry - now ?? TimeSpan.Zero, _terms.Expiry - now),
                LeaseState.Breaking => Shorter(period ?? _terms.BrokenAt!.Value - now, _terms.BrokenAt - now),
                _ => TimeSpan.Zero,
            };
            _terms = _terms with { BrokenAt = now + left };
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
        if (id != _terms.Id)
            throw BlobErrors.LeaseIdMismatch(kind);
        if (state is LeaseState.Expired or LeaseState.Broken)
            throw BlobErrors.LeaseLost(kind);
    }

    private LeaseState State()
    {
        var now = clock.Now;
        return _terms.Id is null ? LeaseState.Available
            : _terms.BrokenAt is { } end ? (now < end ? LeaseState.Breaking : LeaseState.Broken)
            : now >= _terms.Expiry ? LeaseState.Expired
            : LeaseState.Leased;
    }

    private void Clear() => _terms = LeaseTerms.None;

    private static TimeSpan Shorter(TimeSpan asked, TimeSpan? limit) => limit < asked ? limit.Value : asked;
}
