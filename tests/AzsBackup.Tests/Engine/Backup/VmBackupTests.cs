using AzsBackup.Model;
using AzsBackup.Tests.Engine.Fakes;
using Xunit;

namespace AzsBackup.Tests.Engine.Backup;

public sealed class VmBackupTests
{
    private static readonly byte[][] Disks = [TestDisks.Make(1, 130), TestDisks.Make(2, 20), TestDisks.Make(3, 1)];

    [Fact]
    public async Task Run_SeveralDisks_RestoresEveryByte()
    {
        using var rig = await BackupRig.CreateAsync();

        var point = await rig.BackUpAsync(rig.Stack.AddVm("web", Disks));

        Assert.Equal([null, 0, 1], point.Disks.Select(disk => disk.Lun));
        Assert.Equal(Disks, await rig.RestoreAsync(point));
        Assert.Equal(point.Id, Assert.Single(await rig.PointsAsync()).Id);
    }

    [Fact]
    public async Task Run_Again_StoresOnlyWhatChangedAndKeepsBothPoints()
    {
        using var rig = await BackupRig.CreateAsync();
        var vm = rig.Stack.AddVm("web", Disks);
        var first = await rig.BackUpAsync(vm);
        var changed = Disks[0].ToArray();
        changed[5000]++;
        rig.Stack.SetDisk("web-disk0", changed);

        var second = await rig.BackUpAsync(vm);

        Assert.InRange(second.BytesStored, 1, first.BytesStored / 2);
        Assert.Equal(Disks, await rig.RestoreAsync(first));
        Assert.Equal([changed, Disks[1], Disks[2]], await rig.RestoreAsync(second));
    }

    [Fact]
    public async Task Run_Finished_LeavesNothingBehind()
    {
        using var rig = await BackupRig.CreateAsync();

        await rig.BackUpAsync(rig.Stack.AddVm("web", Disks));

        await AssertNothingLeftAsync(rig);
    }

    [Fact]
    public async Task Run_FailedAtAnyRequest_LeavesNothingBehindAndEarlierPointsWhole()
    {
        var total = await CountRequestsAsync();
        for (var step = 1; step <= total; step++)
        {
            using var rig = await BackupRig.CreateAsync();
            var vm = rig.Stack.AddVm("web", Disks);
            var earlier = await rig.BackUpAsync(vm);
            var at = rig.Stack.Requests + step;
            rig.Stack.OnAnswer = number =>
            {
                if (number == at) throw new AzsException(AzsErrorKind.RemoteFailed, "Injected", "Injected.", "None.");
            };

            var failure = await Record.ExceptionAsync(() => rig.BackUpAsync(vm));

            // It fails the run, or costs no more than what a warning tells of: then the point is whole.
            rig.Stack.OnAnswer = null;
            await AssertNothingLeftAsync(rig);
            var points = await rig.PointsAsync();
            Assert.True(failure is AzsException { ErrorId: "Injected" } == (points.Count == 1), $"step {step}: {failure}");
            foreach (var point in points) Assert.Equal(Disks, await rig.RestoreAsync(point));
            Assert.Contains(points, point => point.Id == earlier.Id);
        }
    }

    [Fact]
    public async Task Run_CancelledAtAnyRequest_LeavesNothingBehind()
    {
        var total = await CountRequestsAsync();
        for (var step = 1; step <= total; step++)
        {
            using var rig = await BackupRig.CreateAsync();
            using var stop = new CancellationTokenSource();
            var vm = rig.Stack.AddVm("web", Disks);
            rig.Stack.OnAnswer = number =>
            {
                if (number == step) stop.Cancel();
            };

            var failure = await Record.ExceptionAsync(() => rig.BackUpUntilAsync(vm, stop.Token));

            Assert.True(failure is null or OperationCanceledException, $"step {step}: {failure}");
            await AssertNothingLeftAsync(rig);
            Assert.Equal(failure is null ? 1 : 0, (await rig.PointsAsync()).Count);
        }
    }

    [Fact]
    public async Task Run_DiskThatIsNoVhd_FailsClearlyAndPublishesNothing()
    {
        using var rig = await BackupRig.CreateAsync();
        var vm = rig.Stack.AddVm("web", Disks[0], new byte[8192]);

        var failure = await Assert.ThrowsAsync<AzsException>(() => rig.BackUpAsync(vm));

        Assert.Equal("DiskIsNoFixedVhd", failure.ErrorId);
        Assert.Empty(await rig.PointsAsync());
        await AssertNothingLeftAsync(rig);
    }

    [Fact]
    public async Task Plan_MissingVm_SaysSo()
    {
        using var rig = await BackupRig.CreateAsync();
        var missing = rig.Stack.AddVm("web", Disks).ToString().Replace("web", "wed", StringComparison.Ordinal);

        var failure = await Assert.ThrowsAsync<AzsException>(() => rig.BackUpAsync(AzsBackup.Engine.Stacks.ResourceId.Parse(missing)));

        Assert.Equal("VmNotFound", failure.ErrorId);
        Assert.Equal(missing, failure.Target);
    }

    [Fact]
    public async Task Run_VmThatIsBeingBackedUpAlready_IsSkippedAndSaidSoOnce()
    {
        using var rig = await BackupRig.CreateAsync();
        var vm = rig.Stack.AddVm("web", Disks);
        var other = rig.Stack.AddVm("db", Disks[2]);
        Task<AzsVmRecoveryPoint>? second = null;
        rig.Stack.OnSnapshot = _ => second ??= rig.BackUpAsync(vm);

        var first = await rig.BackUpAsync(vm);

        var failure = await Assert.ThrowsAsync<AzsException>(() => second!);
        Assert.Equal((AzsErrorKind.Busy, "VmBackupRunning", vm.ToString()), (failure.Kind, failure.ErrorId, failure.Target));
        Assert.Equal(first.Id, Assert.Single(await rig.PointsAsync()).Id);
        await rig.BackUpAsync(other);
        await rig.BackUpAsync(vm);
        await AssertNothingLeftAsync(rig, 2);
    }

    [Fact]
    public async Task Run_Progress_EndsWithAllBytesDealtWith()
    {
        using var rig = await BackupRig.CreateAsync();

        await rig.BackUpAsync(rig.Stack.AddVm("web", Disks));

        var last = rig.Log.Steps.Last();
        Assert.True(last.Finished);
        Assert.Equal(Disks.Sum(disk => disk.Length), last.BytesTotal);
        Assert.Equal(last.BytesTotal, last.BytesDone);
    }

    private static async Task<int> CountRequestsAsync()
    {
        using var rig = await BackupRig.CreateAsync();
        await rig.BackUpAsync(rig.Stack.AddVm("web", Disks));
        return rig.Stack.Requests;
    }

    /// <summary>No grant, no session, and no snapshot but those the newest point keeps, and such as a warning names.</summary>
    private static async Task AssertNothingLeftAsync(BackupRig rig, int vms = 1)
    {
        Assert.Empty(rig.Stack.Grants);
        Assert.Empty(rig.SessionObjects);
        Assert.Empty(rig.RunObjects);
        var kept = (await rig.DetailsAsync()).Take(vms).SelectMany(details => details.Disks).Select(disk => disk.Kept!.Id);
        var left = rig.Stack.Snapshots.Select(id => id.ToString()).Except(kept);
        Assert.All(left, id => Assert.Contains(rig.Log.Warnings, warning => warning.Contains(id, StringComparison.Ordinal)));
    }
}
