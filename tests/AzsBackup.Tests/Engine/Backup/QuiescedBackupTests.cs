using System.Collections.Concurrent;
using System.Text.Json;
using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Stacks;
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

    [Theory]
    [InlineData("deallocated", true)]
    [InlineData("running", false)]
    public async Task Offline_RunThatDiedWhileTheGuestWasDeallocated_TheNextRunOfAnyVmStartsIt(string state, bool started)
    {
        using var rig = await BackupRig.CreateAsync();
        var vm = rig.Stack.AddVm("web", Disk);
        var other = rig.Stack.AddVm("db", Disk);
        await DieWhileQuietAsync(rig, vm, AzsConsistency.Offline);
        rig.Stack.SetPowerState(vm, state);

        await rig.BackUpAsync(other);

        Assert.Equal("running", rig.Stack.PowerState(vm));
        Assert.Equal(started, rig.Log.Warnings.Any(warning => warning.Contains("'web' was started", StringComparison.Ordinal)));

        // Once only: what its owner does afterwards is his.
        rig.Stack.SetPowerState(vm, "deallocated");
        rig.StartAnew();
        await rig.BackUpAsync(vm);
        Assert.Equal("deallocated", rig.Stack.PowerState(vm));
        Assert.Empty(rig.RunObjects);
    }

    [Fact]
    public async Task Offline_GuestOfADeadRunThatCannotBeStarted_IsToldEachTime()
    {
        using var rig = await BackupRig.CreateAsync();
        var vm = rig.Stack.AddVm("web", Disk);
        await DieWhileQuietAsync(rig, vm, AzsConsistency.Offline);
        rig.Stack.SetPowerState(vm, "deallocated");
        rig.Stack.OnPost = (_, action) =>
        {
            if (action == "start") throw Refusal();
        };
        for (var time = 1; time <= 2; time++)
        {
            rig.StartAnew();
            await rig.BackUpAsync(vm);
            Assert.Equal(time, rig.Log.Warnings.Count(warning => warning.Contains("could not be started", StringComparison.Ordinal)));
        }

        rig.Stack.OnPost = null;
        rig.StartAnew();
        await rig.BackUpAsync(vm);
        Assert.Equal("running", rig.Stack.PowerState(vm));
    }

    [Fact]
    public async Task Application_RunThatDiedWhileTheGuestWasQuiesced_IsToldByTheNext()
    {
        using var rig = await BackupRig.CreateAsync();
        var vm = rig.Stack.AddVm("web", Disk);
        await DieWhileQuietAsync(rig, vm, AzsConsistency.Application);

        await rig.BackUpAsync(vm);

        Assert.Single(rig.Log.Warnings, warning => warning.Contains("did not say that -PostSnapshot ran", StringComparison.Ordinal));
        Assert.Empty(rig.RunObjects);
    }

    [Fact]
    public async Task Offline_GuestThatCannotBeRemembered_IsNotTouched()
    {
        using var rig = await BackupRig.CreateAsync();
        var vm = rig.Stack.AddVm("web", Disk);
        var quiescence = new OfflineQuiescence(rig.Stack, new InstantTime(), rig.Log);

        await Assert.ThrowsAsync<AzsException>(async () => await quiescence.FreezeAsync(
            await VmDescription.ReadAsync(rig.Stack, vm, TestContext.Current.CancellationToken), new NoRecord(), TestContext.Current.CancellationToken));

        Assert.Equal("running", rig.Stack.PowerState(vm));
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

    private static AzsException Refusal() => new(AzsErrorKind.RemoteFailed, "Refused", "Refused.", "None.");

    /// <summary>Leaves in the vault what a killed run leaves: its note, and a session of a process that is gone.</summary>
    private static async Task DieWhileQuietAsync(BackupRig rig, ResourceId vm, AzsConsistency level)
    {
        var session = await rig.Vault.BeginSessionAsync("dies", TestContext.Current.CancellationToken);
        var journal = await session.BeginRunAsync(new Uri(rig.Stack.Connection.ArmEndpoint.AbsoluteUri).Host, vm.ToString().ToLowerInvariant(), TestContext.Current.CancellationToken);
        var note = JsonSerializer.SerializeToElement(
            new { format = "azsbackup-vm-guest/1", vmId = vm.ToString(), consistency = level.ToString(), at = DateTime.UnixEpoch });
        await journal.WriteNoteAsync("guest", note, TestContext.Current.CancellationToken);
        await session.DisposeAsync();
    }

    private static async Task<int> CountRequestsAsync()
    {
        using var rig = await BackupRig.CreateAsync();
        rig.Quiescence = new OfflineQuiescence(rig.Stack, new InstantTime(), rig.Log);
        await rig.BackUpAsync(rig.Stack.AddVm("web", Disk, Disk));
        return rig.Stack.Requests;
    }

    private sealed class NoRecord : IGuestRecord
    {
        public Task WriteAsync(VmDescription vm, CancellationToken cancellationToken) => throw Refusal();

        public Task CloseAsync(VmDescription vm) => Task.CompletedTask;
    }

    private sealed class RecordingQuiescence : IQuiescence
    {
        public ConcurrentQueue<string> Frozen { get; } = new();

        public ConcurrentQueue<string> Thawed { get; } = new();

        public string? CannotFreeze { get; init; }

        public string? CannotThaw { get; init; }

        public AzsConsistency Level => AzsConsistency.Application;

        public TimeSpan Limit { get; init; } = Timeout.InfiniteTimeSpan;

        public Task FreezeAsync(VmDescription vm, IGuestRecord record, CancellationToken cancellationToken)
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
