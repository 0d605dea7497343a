using System.Text.Json;
using AzsBackup.Engine.Policies;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault.Removal;
using Xunit;

namespace AzsBackup.Tests.Engine.Policies;

public sealed class PolicyRunnerTests
{
    private static readonly DateTime Noon = new(2026, 6, 1, 12, 0, 0, DateTimeKind.Utc);

    // 22:30 in Berlin in summer.
    private static readonly DateTime Due = new(2026, 6, 1, 20, 30, 0, DateTimeKind.Utc);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_BeforeItsTime_AsksNobodyAndLeavesNothing()
    {
        using var rig = await RigAsync("web");
        var before = rig.Store.Objects.Count;
        Assert.Null((await rig.InvokeAsync(Policy())).Run);
        Assert.Equal((0, before), (rig.Stack.Requests, rig.Store.Objects.Count));
    }

    [Fact]
    public async Task Run_Due_BacksUpAllThatIsSelectedOnce()
    {
        using var rig = await RigAsync("web", "db");
        rig.MoveTo(Due);
        var first = await rig.InvokeAsync(Policy());
        var second = await rig.InvokeAsync(Policy());
        Assert.Equal(AzsVmBackupJobState.Completed, first.Run!.State);
        Assert.Equal([("db", AzsVmBackupJobState.Completed), ("web", AzsVmBackupJobState.Completed)], first.Vms);
        Assert.All(first.Jobs, job => Assert.Equal(Due, job.ScheduledFor));
        Assert.Null(second.Run);
        Assert.Equal(2, (await rig.PointsAsync()).Count);
        Assert.Equal(["db", "web"], (await rig.HistoryAsync()).Select(job => job.VmName).Skip(1));
    }

    [Fact]
    public async Task Run_DaysTooLate_RunsOnceAndSaysWhatWasMissed()
    {
        using var rig = await RigAsync("web");
        rig.MoveTo(Due.AddDays(3).AddHours(5));
        var standing = await rig.StandingAsync(Policy());
        Assert.Equal((AzsVmBackupPolicyState.Missed, Due.AddDays(3)), (standing.State, standing.NextRun));

        var late = await rig.InvokeAsync(Policy());

        var missed = Assert.Single(late.Jobs, job => job.State == AzsVmBackupJobState.Missed);
        Assert.Equal(Due, missed.ScheduledFor);
        Assert.Contains("4 runs", missed.Error, StringComparison.Ordinal);
        Assert.Single(await rig.PointsAsync());
        Assert.Null((await rig.InvokeAsync(Policy())).Run);
        Assert.Contains(await rig.HistoryAsync(), job => job.State == AzsVmBackupJobState.Missed);
        standing = await rig.StandingAsync(Policy());
        Assert.Equal((AzsVmBackupPolicyState.Healthy, Due.AddDays(4)), (standing.State, standing.NextRun));
    }

    [Fact]
    public async Task Run_OneVmThatFails_DoesNotStopTheOthersAndIsSeen()
    {
        using var rig = await RigAsync("app", "web");
        rig.Stack.AddVm("bad", [new byte[8192]]);
        rig.MoveTo(Due);
        var run = await rig.InvokeAsync(Policy());
        Assert.Equal([("app", AzsVmBackupJobState.Completed), ("bad", AzsVmBackupJobState.Failed), ("web", AzsVmBackupJobState.Completed)], run.Vms);
        Assert.Equal("DiskIsNoFixedVhd", Assert.Single(run.Failures).ErrorId);
        Assert.Equal(AzsVmBackupJobState.Failed, run.Run!.State);
        Assert.Equal(AzsVmBackupPolicyState.Failed, (await rig.StandingAsync(Policy())).State);
        Assert.Equal("DiskIsNoFixedVhd", (await rig.HistoryAsync()).Single(job => job.VmName == "bad").ErrorId);
    }

    [Fact]
    public async Task Run_Forced_RunsThoughNothingIsDueAndChangesNoTime()
    {
        using var rig = await RigAsync("web");
        Assert.Equal(AzsVmBackupJobState.Completed, (await rig.InvokeAsync(Policy(), force: true)).Run!.State);
        rig.MoveTo(Due);
        Assert.NotNull((await rig.InvokeAsync(Policy())).Run);
        Assert.Equal(2, (await rig.PointsAsync()).Count);
    }

    [Fact]
    public async Task Run_ByTwoAtOnce_IsDoneByOne()
    {
        using var rig = await RigAsync("a", "b", "c", "d");
        rig.MoveTo(Due);
        var elsewhere = await rig.OpenElsewhereAsync();
        var both = await Task.WhenAll(Task.Run(() => rig.InvokeAsync(Policy()), Cancel), Task.Run(() => rig.InvokeAsync(Policy(), vault: elsewhere), Cancel));
        Assert.Single(both, invocation => invocation.Run is not null);
        Assert.Equal(4, (await rig.PointsAsync()).Count);
    }

    [Fact]
    public async Task Run_OfAProcessThatDied_IsSeenAsDiedAndDoneAgainWithoutWhatWasDone()
    {
        using var rig = await RigAsync("app", "web");
        rig.MoveTo(Due);
        var policy = Policy() with { ThrottleLimit = 1 };

        // Its second VM never ends, and then its process is gone: nothing can be written any more.
        var power = new PlugStore(rig.Store);
        var doomed = await rig.OpenElsewhereAsync(power);
        rig.Stack.OnSnapshot = id =>
        {
            if (!id.Name.Contains("web", StringComparison.Ordinal)) return;
            power.Pull();
            throw new AzsException(AzsErrorKind.RemoteFailed, "Injected", "Injected.", "None.");
        };
        await Record.ExceptionAsync(() => rig.InvokeAsync(policy, vault: doomed));
        rig.Stack.OnSnapshot = null;
        Assert.Single(await rig.PointsAsync());
        Assert.Null((await rig.InvokeAsync(policy)).Run);
        Assert.Equal(AzsVmBackupPolicyState.Running, (await rig.StandingAsync(policy)).State);

        rig.Time.Pass(TimeSpan.FromMinutes(50));
        Assert.Equal(AzsVmBackupPolicyState.Failed, (await rig.StandingAsync(policy)).State);
        Assert.Equal(2, (await rig.HistoryAsync()).Count(job => job.State == AzsVmBackupJobState.Died));
        var again = await rig.InvokeAsync(policy);
        Assert.Equal([("web", AzsVmBackupJobState.Completed)], again.Vms);
        Assert.Equal(2, (await rig.PointsAsync()).Count);
    }

    [Fact]
    public async Task Run_AfterAClockThatWasAYearAhead_GoesOn()
    {
        using var rig = await RigAsync("web");
        rig.MoveTo(Due.AddYears(1));
        Assert.NotNull((await rig.InvokeAsync(Policy())).Run);
        rig.MoveTo(Due.AddMinutes(5));
        Assert.NotNull((await rig.InvokeAsync(Policy())).Run);
        Assert.Null((await rig.InvokeAsync(Policy())).Run);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task Run_AfterAClockThatWasPutBackByHours_RunsNothingTwice(int hours)
    {
        using var rig = await RigAsync("web");
        rig.MoveTo(Due.AddMinutes(1));
        Assert.NotNull((await rig.InvokeAsync(Policy())).Run);
        rig.Time.Pass(TimeSpan.FromHours(-hours));
        Assert.Null((await rig.InvokeAsync(Policy())).Run);
        rig.Time.Pass(TimeSpan.FromHours(hours + 1));
        Assert.Null((await rig.InvokeAsync(Policy())).Run);
        rig.Time.Pass(TimeSpan.FromHours(24));
        Assert.NotNull((await rig.InvokeAsync(Policy())).Run);
    }

    [Fact]
    public async Task Run_Shards_TakeEachVmOnceTogether()
    {
        using var rig = await RigAsync("a", "b", "c", "d", "e", "f", "g");
        rig.MoveTo(Due);
        var taken = new List<string>();
        for (var index = 1; index <= 3; index++) taken.AddRange((await rig.InvokeAsync(Policy(), new Shard(index, 3))).Vms.Select(vm => vm.Vm));
        Assert.Equal(["a", "b", "c", "d", "e", "f", "g"], taken.Order());
        Assert.Equal(AzsVmBackupPolicyState.Healthy, (await rig.StandingAsync(Policy())).State);
        rig.MoveTo(Due.AddDays(1).AddHours(5));
        for (var index = 1; index <= 2; index++) await rig.InvokeAsync(Policy(), new Shard(index, 3));
        Assert.Equal(AzsVmBackupPolicyState.Missed, (await rig.StandingAsync(Policy())).State);
    }

    [Fact]
    public async Task Retention_ConcernsOnlyThePolicysOwnPoints()
    {
        using var rig = await RigAsync("web");
        var other = Policy() with { Name = "Other", Retention = new PolicyRetention() };
        await rig.InvokeAsync(other, force: true);
        var mine = Policy() with { Retention = new PolicyRetention { Last = 2 } };
        for (var run = 0; run < 5; run++)
        {
            rig.Time.Pass(TimeSpan.FromHours(1));
            await rig.InvokeAsync(mine, force: true);
        }

        Assert.Equal(3, (await rig.PointsAsync()).Count);
        Assert.Equal(Noon, (await rig.PointsAsync())[0].CreatedAt);
    }

    [Fact]
    public async Task Retention_LeavesPinnedPointsAndTheNewest()
    {
        using var rig = await RigAsync("web");
        var policy = Policy() with { Retention = new PolicyRetention { Yearly = 1 } };
        var first = (await rig.InvokeAsync(policy, force: true)).Jobs[0].RecoveryPointId!;
        await new PointRemoval(rig.Vault).SetPinnedAsync(first, pinned: true, Cancel);
        for (var run = 0; run < 3; run++)
        {
            rig.Time.Pass(TimeSpan.FromHours(1));
            await rig.InvokeAsync(policy, force: true);
        }

        Assert.Equal([Noon, Noon.AddHours(3)], (await rig.PointsAsync()).Select(point => point.CreatedAt));
    }

    [Fact]
    public async Task Run_IntoAVaultThatMayOnlyBeAddedTo_Works()
    {
        using var rig = await RigAsync("web");
        rig.MoveTo(Due);
        var vault = await rig.OpenElsewhereAsync(new CreateOnlyStore(rig.Store));
        Assert.Equal(AzsVmBackupJobState.Completed, (await rig.InvokeAsync(Policy(), vault: vault)).Run!.State);
        rig.Time.Pass(TimeSpan.FromDays(1));
        Assert.Equal(AzsVmBackupJobState.Completed, (await rig.InvokeAsync(Policy(), vault: vault)).Run!.State);
    }

    [Fact]
    public async Task Run_Stopped_IsRecordedAsStopped()
    {
        using var rig = await RigAsync("web");
        rig.MoveTo(Due);
        using var stop = new CancellationTokenSource();
        rig.Stack.OnSnapshot = _ => stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.InvokeAsync(Policy(), cancel: stop.Token));
        Assert.All(await rig.HistoryAsync(), job => Assert.Equal(AzsVmBackupJobState.Stopped, job.State));
    }

    [Fact]
    public async Task Select_ByTagNameAndGroup_TakesWhatFitsAndLeavesOutTheRest()
    {
        using var rig = await RigAsync();
        await rig.AddVmAsync("app-1", ("Env", "Prod"));
        await rig.AddVmAsync("app-2", ("env", "test"));
        await rig.AddVmAsync("db-1", ("env", "prod"), ("tier", "gold"));
        Assert.Equal(["app-1", "db-1"], await SelectAsync(new PolicyRule { Tag = new Dictionary<string, string> { ["ENV"] = "prod" } }));
        Assert.Equal(["db-1"], await SelectAsync(new PolicyRule { Tag = new Dictionary<string, string> { ["env"] = "*", ["tier"] = "g?ld" } }));
        Assert.Equal(["app-1", "app-2"], await SelectAsync(new PolicyRule { VmName = ["APP-*"], ResourceGroupName = ["a*"] }));
        Assert.Equal([], await SelectAsync(new PolicyRule { ResourceGroupName = ["other"] }));
        Assert.Equal(["db-1"], await SelectAsync(new PolicyRule { VmName = ["*"] }, new PolicyRule { VmName = ["app-?"] }));

        async Task<IEnumerable<string>> SelectAsync(PolicyRule rule, params PolicyRule[] without) =>
            (await PolicyVms.SelectAsync(rig.Stack, Policy() with { Select = [rule], Exclude = without }, null, Cancel)).Vms.Select(vm => vm.Name);
    }

    [Theory]
    [InlineData("""{"policyVersion":2}""", "PolicyTooNew")]
    [InlineData("""{"policyVersion":1}""", "PolicyDamaged")]
    [InlineData("""[]""", "PolicyDamaged")]
    public void Read_WhatIsNoPolicy_SaysSo(string json, string errorId)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(errorId, Assert.ThrowsAny<Exception>(() => VmBackupPolicy.Read(document.RootElement, "x")) is AzsException told ? told.ErrorId : "PolicyDamaged");
    }

    [Fact]
    public void Validate_ImpossiblePolicy_NamesAllFaultsAtOnce()
    {
        var policy = Policy() with { Name = "", Select = [], ThrottleLimit = 0, Schedule = new PolicySchedule { Frequency = AzsScheduleFrequency.Weekly, TimeZone = "UTC" } };
        var failure = Assert.Throws<AzsException>(policy.Validate);
        Assert.Equal("PolicyInvalid", failure.ErrorId);
        Assert.All(["name", "VMs are meant", "1 to 64 VMs", "time of the day", "day of the week"], part => Assert.Contains(part, failure.Message, StringComparison.Ordinal));
        Assert.Equal("TimeZoneUnknown", Assert.Throws<AzsException>((Policy() with { Schedule = Policy().Schedule with { TimeZone = "Mars/Olympus" } }).Validate).ErrorId);
    }

    [Fact]
    public void Shard_AnySpelling_IsTheSameShare()
    {
        var id = ResourceId.Parse("/subscriptions/S/resourceGroups/G/providers/Microsoft.Compute/virtualMachines/Web");
        var upper = ResourceId.Parse(id.ToString().ToUpperInvariant());
        for (var index = 1; index <= 5; index++) Assert.Equal(new Shard(index, 5).Contains(id), new Shard(index, 5).Contains(upper));
        Assert.Single(Enumerable.Range(1, 5), index => new Shard(index, 5).Contains(id));
        Assert.All(["0/3", "4/3", "1", "a/b", "1/0", "-1/3", "1/1001"], text => Assert.Equal("ShardInvalid", Assert.Throws<AzsException>(() => Shard.Parse(text)).ErrorId));
    }

    private static VmBackupPolicy Policy() => PolicyRig.Policy() with { ScheduledFrom = Noon };

    private static async Task<PolicyRig> RigAsync(params string[] vms)
    {
        var rig = await PolicyRig.CreateAsync(Noon);
        foreach (var vm in vms) await rig.AddVmAsync(vm);
        return rig;
    }
}
