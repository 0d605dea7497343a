using System.Collections.Concurrent;
using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Disks;
using AzsBackup.Model;
using AzsBackup.Tests.Engine.Fakes;
using Xunit;

namespace AzsBackup.Tests.Engine.Backup;

public sealed class QuiescedBackupTests
{
    private static readonly byte[] Disk = TestDisks.Make(1, 40);

    [Fact]
    public async Task Offline_AnyRequestThatFails_NeverLeavesTheGuestDeallocated()
    {
        var total = await CountRequestsAsync();
        for (var step = 1; step <= total; step++)
        {
            using var rig = await BackupRig.CreateAsync();
            var vm = rig.Stack.AddVm("web", Disk, Disk);
            rig.Quiescence = new OfflineQuiescence(rig.Stack, new InstantTime(), rig.Log);
            rig.Stack.OnAnswer = number =>
            {
                if (number == step) throw new AzsException(AzsErrorKind.RemoteFailed, "Injected", "Injected.", "None.");
            };

            await Record.ExceptionAsync(() => rig.BackUpAsync(vm));

            Assert.Equal("running", rig.Stack.PowerState(vm));
        }
    }

    [Fact]
    public async Task Offline_CancelledAtAnyRequest_NeverLeavesTheGuestDeallocated()
    {
        var total = await CountRequestsAsync();
        for (var step = 1; step <= total; step++)
        {
            using var rig = await BackupRig.CreateAsync();
            using var stop = new CancellationTokenSource();
            var vm = rig.Stack.AddVm("web", Disk, Disk);
            rig.Quiescence = new OfflineQuiescence(rig.Stack, new InstantTime(), rig.Log);
            rig.Stack.OnAnswer = number =>
            {
                if (number == step) stop.Cancel();
            };

            await Record.ExceptionAsync(() => rig.BackUpUntilAsync(vm, stop.Token));

            Assert.Equal("running", rig.Stack.PowerState(vm));
        }
    }

    [Fact]
    public async Task Offline_SnapshotsAreMadeWhileDeallocatedAndReadWhileRunning()
    {
        using var rig = await BackupRig.CreateAsync();
        var vm = rig.Stack.AddVm("web", Disk, Disk);
        var states = new ConcurrentQueue<string>();
        rig.Stack.OnSnapshot = _ => states.Enqueue(rig.Stack.PowerState(vm));
        rig.Quiescence = new OfflineQuiescence(rig.Stack, new InstantTime(), rig.Log);

        var point = await rig.BackUpAsync(vm);

        Assert.Equal(["deallocated", "deallocated"], states);
        Assert.Equal(AzsConsistency.Offline, point.Consistency);
        Assert.Equal("running", rig.Stack.PowerState(vm));
    }

    [Theory]
    [InlineData("deallocated")]
    [InlineData("stopped")]
    public async Task Offline_VmThatDoesNotRun_IsLeftAsItIs(string state)
    {
        using var rig = await BackupRig.CreateAsync();
        var vm = rig.Stack.AddVm("web", Disk);
        rig.Stack.SetPowerState(vm, state);
        rig.Quiescence = new OfflineQuiescence(rig.Stack, new InstantTime(), rig.Log);

        await rig.BackUpAsync(vm);

        Assert.Equal(state, rig.Stack.PowerState(vm));
    }

    [Fact]
    public async Task Group_OneVmThatCannotBeFrozen_ThawsAllAndBacksNoneUp()
    {
        using var rig = await BackupRig.CreateAsync();
        var vms = new[] { "a", "b", "c" }.Select(name => rig.Stack.AddVm(name, Disk)).ToList();
        var quiescence = new RecordingQuiescence { CannotFreeze = "b" };
        rig.Quiescence = quiescence;

        var failure = await Assert.ThrowsAsync<AzsException>(() => rig.BackUpTogetherAsync(vms, TestContext.Current.CancellationToken));

        Assert.Equal("CannotFreeze", failure.ErrorId);
        Assert.Equal(quiescence.Frozen.Order(), quiescence.Thawed.Order());
        Assert.Empty(rig.Stack.Snapshots);
        Assert.Empty(await rig.PointsAsync());
    }

    [Fact]
    public async Task Group_AllSnapshotsAreMadeWhileAllAreQuiet()
    {
        using var rig = await BackupRig.CreateAsync();
        var vms = new[] { "a", "b", "c" }.Select(name => rig.Stack.AddVm(name, Disk, Disk)).ToList();
        var quiescence = new RecordingQuiescence();
        rig.Quiescence = quiescence;
        var quietAtSnapshot = new ConcurrentQueue<int>();
        rig.Stack.OnSnapshot = _ => quietAtSnapshot.Enqueue(quiescence.Frozen.Count - quiescence.Thawed.Count);

        var outcomes = await rig.BackUpTogetherAsync(vms, TestContext.Current.CancellationToken);

        Assert.Equal([3, 3, 3, 3, 3, 3], quietAtSnapshot);
        Assert.All(outcomes, outcome => Assert.NotNull(outcome.Point));
        Assert.Single(outcomes.Select(outcome => outcome.Point!.SnapshotSpread).Distinct());
    }

    [Fact]
    public async Task Thaw_ThatFails_IsToldAndThePointStands()
    {
        using var rig = await BackupRig.CreateAsync();
        var vm = rig.Stack.AddVm("web", Disk);
        rig.Quiescence = new RecordingQuiescence { CannotThaw = "web" };

        var outcome = Assert.Single(await rig.BackUpTogetherAsync([vm], TestContext.Current.CancellationToken));

        Assert.Equal("CannotThaw", outcome.Failure!.ErrorId);
        Assert.Equal([Disk], await rig.RestoreAsync(outcome.Point!));
    }

    [Fact]
    public async Task SnapshotsThatTakeTooLong_EndTheFreezeAndTheRun()
    {
        using var rig = await BackupRig.CreateAsync();
        var vm = rig.Stack.AddVm("web", Disk);
        var quiescence = new RecordingQuiescence { Limit = TimeSpan.Zero };
        rig.Quiescence = quiescence;

        var failure = await Assert.ThrowsAsync<AzsException>(() => rig.BackUpAsync(vm));

        Assert.Equal("FrozenTooLong", failure.ErrorId);
        Assert.Equal(["web"], quiescence.Thawed);
        Assert.Empty(rig.Stack.Snapshots);
    }

    private static async Task<int> CountRequestsAsync()
    {
        using var rig = await BackupRig.CreateAsync();
        rig.Quiescence = new OfflineQuiescence(rig.Stack, new InstantTime(), rig.Log);
        await rig.BackUpAsync(rig.Stack.AddVm("web", Disk, Disk));
        return rig.Stack.Requests;
    }

    private sealed class RecordingQuiescence : IQuiescence
    {
        public ConcurrentQueue<string> Frozen { get; } = new();

        public ConcurrentQueue<string> Thawed { get; } = new();

        public string? CannotFreeze { get; init; }

        public string? CannotThaw { get; init; }

        public AzsConsistency Level => AzsConsistency.Application;

        public TimeSpan Limit { get; init; } = Timeout.InfiniteTimeSpan;

        public Task FreezeAsync(VmDescription vm, CancellationToken cancellationToken)
        {
            Frozen.Enqueue(vm.Name);
            return vm.Name == CannotFreeze ? throw Failure("CannotFreeze") : Task.CompletedTask;
        }

        public Task ThawAsync(VmDescription vm, CancellationToken cancellationToken)
        {
            Thawed.Enqueue(vm.Name);
            return vm.Name == CannotThaw ? throw Failure("CannotThaw") : Task.CompletedTask;
        }

        private static AzsException Failure(string id) => new(AzsErrorKind.RemoteFailed, id, "It would not.", "Look at it.");
    }
}
