namespace AzsBackup.Azure.Transport;

/// <summary>Leave to send one request, from a <see cref="RequestBudget"/>. Disposing of it tells the budget that the request has ended.</summary>
internal sealed class RequestTurn(RequestBudget budget, long storm) : IDisposable
{
    private bool _ended;

    /// <summary>How many storms the budget had seen when the request set out: its answer says nothing about a later one.</summary>
    public long Storm { get; } = storm;

    /// <summary>Takes note that the service answered as it should.</summary>
    /// <param name="allowances">What is left of the service's limits, as it told with the answer.</param>
    public void Succeeded(IEnumerable<RequestAllowance> allowances)
    {
        _ended = true;
        budget.Succeeded(this, allowances);
    }

    /// <summary>Takes note that the service asked for fewer requests.</summary>
    /// <param name="asked">The wait it asked for; null if it named none.</param>
    public void Throttled(TimeSpan? asked)
    {
        _ended = true;
        budget.Throttled(this, asked);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_ended) budget.Ended();
        _ended = true;
    }
}
