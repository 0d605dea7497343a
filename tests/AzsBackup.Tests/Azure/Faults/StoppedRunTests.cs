using System.Text.Json.Nodes;
using AzsBackup.Tests.Azure.Fakes;
using Xunit;

namespace AzsBackup.Tests.Azure.Faults;

/// <summary>
/// Ctrl+C while a run waits, on a clock that stands still unless it is moved: every wait ends without the time going on, and giving
/// back is over when the clock has moved on by five seconds, though the stack and the vault never let anything go.
/// </summary>
public sealed class StoppedRunTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, "Microsoft.Compute/virtualMachines/read", """{"status":429,"retryAfter":60}""")]
    [InlineData(false, "Microsoft.Network/networkInterfaces/read", """{"status":500}""")]
    [InlineData(false, "Microsoft.Compute/snapshots/write", """{"operationResult":"hang"}""")]
    [InlineData(false, "Microsoft.Compute/snapshots/beginGetAccess/action", """{"operationResult":"hang"}""")]
    [InlineData(false, "GetPageRanges*", """{"status":503}""")]
    [InlineData(false, "GetBlob", """{"dropAfterBytes":0,"direction":"request"}""")]
    [InlineData(false, "GetBlob", """{"status":503,"retryAfter":30}""")]
    [InlineData(true, "PutBlob", """{"status":503}""")]
    [InlineData(true, "GetBlob", """{"status":429}""")]
    public async Task Backup_StoppedWhileItWaits_IsGoneWithinFiveSecondsOfTheClock(bool onVault, string operation, string json)
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var rig = await PassAsync(FaultRig.StartAsync(FaultScene.Managed, clock), clock);
        var fault = JsonNode.Parse(json)!.AsObject();
        fault["operation"] = operation;
        await rig.AddAsync(onVault, fault);
        using var stop = new CancellationTokenSource();
        var running = rig.BackUpAsync(stop.Token);
        while (await rig.StruckAsync(onVault) == 0 && !running.IsCompleted) await MoveAsync(clock, TimeSpan.MaxValue);
        while (clock.UntilNext is null && !running.IsCompleted) await Task.Delay(10, Ct);

        // From here on nothing can be given back either.
        await rig.AddAsync(onVault: false, new JsonObject { ["operation"] = "Microsoft.Compute/snapshots/*", ["method"] = "DELETE", ["operationResult"] = "hang" });
        await rig.AddAsync(onVault: false, new JsonObject { ["operation"] = "Microsoft.Compute/snapshots/endGetAccess/action", ["operationResult"] = "hang" });
        await rig.AddAsync(onVault: true, new JsonObject { ["operation"] = "DeleteBlob", ["status"] = 503 });
        await stop.CancelAsync();
        var left = Patience;
        var moves = new List<TimeSpan>();
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        guard.CancelAfter(TimeSpan.FromMinutes(1));
        while (!running.IsCompleted && !guard.IsCancellationRequested)
        {
            // Not while the run is still about to wait: what begins to wait later is over later.
            if (!await IsSettledAsync(clock)) continue;
            var moved = await MoveAsync(clock, left);
            left -= moved;
            if (moved > TimeSpan.Zero) moves.Add(moved);
        }

        Assert.True(running.IsCompleted, $"It was not gone when {Patience.TotalSeconds} s had passed; the next wait is over in {clock.UntilNext}, after {string.Join(" ", moves.Select(move => move.TotalSeconds))}: {string.Join(" ", rig.Log.Warnings)}");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    /// <summary>Lets the clock go on for as long as something waits for it.</summary>
    private static async Task<T> PassAsync<T>(Task<T> task, ManualTimeProvider clock)
    {
        while (!task.IsCompleted) await MoveAsync(clock, TimeSpan.MaxValue);
        return await task;
    }

    private static async Task<bool> IsSettledAsync(ManualTimeProvider clock)
    {
        var waits = clock.Waits;
        for (var looks = 0; looks < 20; looks++)
        {
            await Task.Delay(10, Ct);
            if (clock.Waits != waits) return false;
        }

        return true;
    }

    /// <summary>Moves the clock on to the next timer, unless that is farther than <paramref name="most"/>. Gives by how much.</summary>
    private static async Task<TimeSpan> MoveAsync(ManualTimeProvider clock, TimeSpan most)
    {
        var moved = clock.UntilNext is { } next && next <= most ? next : TimeSpan.Zero;
        if (clock.UntilNext is not null && clock.UntilNext <= most) clock.Advance(moved);
        await Task.Delay(10, Ct);
        return moved;
    }
}
