using AzsBackup.Azure.Transport;
using AzsBackup.Model;
using AzsBackup.Tests.Azure.Fakes;
using Xunit;

namespace AzsBackup.Tests.Azure.Transport;

public sealed class RequestBudgetTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private readonly ManualTimeProvider _clock = new();
    private readonly RequestBudget _budget;

    public RequestBudgetTests() => _budget = new RequestBudget(_clock, new Jitter(new Random(1)));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void EnterAsync_NothingWrong_NobodyWaits()
    {
        var turns = Enumerable.Range(0, 1000).Select(_ => Enter()).ToList();
        Assert.All(turns, turn => Assert.True(turn.IsCompletedSuccessfully));
        Assert.Null(_clock.UntilNext);
    }

    [Theory]
    [InlineData(null, 0.5, 1)]
    [InlineData(0, 0, 0.5)]
    [InlineData(20, 20, 20.5)]
    public async Task Throttled_OneWorker_HoldsAllBack(int? asked, double least, double most)
    {
        (await Enter()).Throttled(asked is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        var waiting = Enumerable.Range(0, 50).Select(_ => Enter()).ToList();
        Assert.InRange(_clock.UntilNext!.Value.TotalSeconds, least, most + 0.01);
        Assert.All(waiting, turn => Assert.False(turn.IsCompleted));
        _clock.Advance(_clock.UntilNext!.Value);
        Assert.Equal((1, 49), _budget.Load);
    }

    [Fact]
    public async Task Succeeded_AfterAStorm_ComesBackGradually()
    {
        (await Enter()).Throttled(TimeSpan.FromSeconds(5));
        var waiting = new Queue<Task<RequestTurn>>(Enumerable.Range(0, 400).Select(_ => Enter()));
        _clock.Advance(TimeSpan.FromSeconds(6));
        var underWay = new List<int>();
        while (waiting.Count > 0)
        {
            var round = new List<RequestTurn>();
            while (waiting.Count > 0 && _budget.Load.UnderWay > round.Count) round.Add(await waiting.Dequeue());
            underWay.Add(round.Count);
            round.ForEach(turn => turn.Succeeded([]));
        }

        Assert.Equal(1, underWay[0]);
        for (var round = 1; round < underWay.Count - 1; round++) Assert.InRange(underWay[round], underWay[round - 1], underWay[round - 1] * 2);
        Assert.True(underWay.Max() > 10);
        Assert.Equal((0, 0), _budget.Load);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(null)]
    [InlineData(7)]
    public async Task Storm_OfTenMinutes_IsAskedRarelyAndWaitedOut(int? asked)
    {
        // Forty workers, each of which asks again as soon as it may, against a service that refuses everything for ten minutes.
        var stormEnds = _clock.GetUtcNow().AddMinutes(10);
        var sentInStorm = 0;
        var done = 0;
        var workers = Enumerable.Range(0, 40).Select(_ => WorkAsync()).ToList();
        for (var steps = 0; done < workers.Count && steps < 100_000; steps++)
        {
            await Task.Yield();
            if (_budget.Load.UnderWay == 0 && _clock.UntilNext is { } next) _clock.Advance(next);
        }

        await Task.WhenAll(workers);
        Assert.InRange(sentInStorm, 10, 40 + (asked is { } seconds ? Math.Min(600 / seconds, 60) : 60));

        async Task WorkAsync()
        {
            var deadline = _budget.Now + Patience;
            while (true)
            {
                using var turn = await _budget.EnterAsync(deadline, Ct);
                await Task.Yield();
                if (_clock.GetUtcNow() >= stormEnds)
                {
                    turn.Succeeded([]);
                    Interlocked.Increment(ref done);
                    return;
                }

                Interlocked.Increment(ref sentInStorm);
                turn.Throttled(asked is { } wait ? TimeSpan.FromSeconds(wait) : null);
            }
        }
    }

    [Fact]
    public async Task EnterAsync_ServiceAsksForMoreThanPatience_IsRefusedAtOnceAndSendsNothing()
    {
        var held = Enter();
        var first = await Enter();
        first.Throttled(TimeSpan.FromMinutes(40));
        var failure = await Assert.ThrowsAsync<AzsException>(Enter);
        Assert.Equal((AzsErrorKind.LimitExceeded, "RequestsThrottled"), (failure.Kind, failure.ErrorId));
        Assert.Contains("00:40", failure.Message, StringComparison.Ordinal);
        (await held).Dispose();
        Assert.Equal((0, 0), _budget.Load);
        _clock.Advance(TimeSpan.FromMinutes(41));
        (await Enter()).Succeeded([]);
    }

    [Fact]
    public async Task Throttled_WhileOthersWait_RefusesThoseWhosePatienceIsLess()
    {
        var second = await Enter();
        (await Enter()).Throttled(TimeSpan.FromSeconds(5));
        var waiting = Enter();
        second.Throttled(TimeSpan.FromHours(1));
        Assert.Equal("RequestsThrottled", (await Assert.ThrowsAsync<AzsException>(() => waiting)).ErrorId);
    }

    [Fact]
    public async Task EnterAsync_Cancelled_LeavesTheQueueAtOnce()
    {
        (await Enter()).Throttled(TimeSpan.FromSeconds(60));
        using var cancel = new CancellationTokenSource();
        var waiting = _budget.EnterAsync(_budget.Now + Patience, cancel.Token).AsTask();
        var behind = Enter();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal((0, 1), _budget.Load);
        _clock.Advance(TimeSpan.FromSeconds(61));
        (await behind).Succeeded([]);
        Assert.Equal((0, 0), _budget.Load);
    }

    [Fact]
    public async Task EnterAsync_SeveralWait_AreServedInTheirOrder()
    {
        (await Enter()).Throttled(TimeSpan.FromSeconds(1));
        var order = new List<int>();
        var waiting = Enumerable.Range(0, 20).Select(async index =>
        {
            using var turn = await Enter();
            lock (order) order.Add(index);
        }).ToList();
        _clock.Advance(TimeSpan.FromSeconds(2));
        await Task.WhenAll(waiting);
        Assert.Equal(Enumerable.Range(0, 20), order);
    }

    [Fact]
    public async Task Succeeded_LittleLeft_SpacesRequestsSoThatTheLimitLasts()
    {
        (await Enter()).Succeeded([new RequestAllowance("subscription-reads", 15_000, TimeSpan.FromHours(1))]);
        (await Enter()).Succeeded([new RequestAllowance("subscription-reads", 1_600, TimeSpan.FromHours(1))]);
        Assert.True(Enter().IsCompletedSuccessfully);
        (await Enter()).Succeeded([new RequestAllowance("subscription-reads", 1_400, TimeSpan.FromHours(1))]);
        Assert.True(Enter().IsCompletedSuccessfully);
        var next = Enter();
        Assert.InRange(_clock.UntilNext!.Value.TotalSeconds, 0.23, 0.25);
        _clock.Advance(_clock.UntilNext!.Value);
        (await next).Succeeded([new RequestAllowance("subscription-reads", 14_999, TimeSpan.FromHours(1))]);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(Enter().IsCompletedSuccessfully);
        Assert.True(Enter().IsCompletedSuccessfully);
    }

    private Task<RequestTurn> Enter() => _budget.EnterAsync(_budget.Now + Patience, Ct).AsTask();
}
