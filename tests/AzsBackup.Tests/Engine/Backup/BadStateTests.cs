using System.Text.Json.Nodes;
using AzsBackup.Model;
using AzsBackup.Tests.Engine.Fakes;
using Xunit;

namespace AzsBackup.Tests.Engine.Backup;

/// <summary>States a backup meets that are not as they should be: each gives the right point, or a clear error and nothing left behind.</summary>
public sealed class BadStateTests
{
    private static readonly byte[][] Disks = [TestDisks.Make(1, 130), TestDisks.Make(2, 20)];

    public enum State
    {
        SnapshotQuotaExceeded,
        GroupReadOnly,
        DiskDeletedMeanwhile,
        DiskShared,
        VmBeingDeleted,
        OsDiskEphemeral,
        VmDeleted,
    }

    [Theory]
    [InlineData(State.SnapshotQuotaExceeded, AzsErrorKind.LimitExceeded, "QuotaExceeded")]
    [InlineData(State.GroupReadOnly, AzsErrorKind.Busy, "ScopeLocked")]
    [InlineData(State.DiskDeletedMeanwhile, AzsErrorKind.NotFound, "ResourceNotFound")]
    [InlineData(State.DiskShared, AzsErrorKind.NotSupported, "OperationNotAllowed")]
    [InlineData(State.VmBeingDeleted, AzsErrorKind.Busy, "VmBeingDeleted")]
    [InlineData(State.OsDiskEphemeral, AzsErrorKind.NotSupported, "DiskIsEphemeral")]
    [InlineData(State.VmDeleted, AzsErrorKind.NotFound, "VmNotFound")]
    public async Task Run_StateThatAllowsNoBackup_IsAClearErrorAndLeavesNothing(State state, AzsErrorKind kind, string errorId)
    {
        using var rig = await BackupRig.CreateAsync();
        var vm = rig.Stack.AddVm("web", Disks);
        switch (state)
        {
            case State.VmBeingDeleted:
                rig.Stack.ChangeVm(vm, properties => properties["provisioningState"] = "Deleting");
                break;
            case State.OsDiskEphemeral:
                rig.Stack.ChangeVm(vm, properties => properties["storageProfile"]!["osDisk"]!["diffDiskSettings"] = new JsonObject { ["option"] = "Local" });
                break;
            case State.VmDeleted:
                await rig.Stack.DeleteAsync(vm, TestContext.Current.CancellationToken);
                break;
            default:
                // The second of the two snapshots: the first one has to be given back.
                var snapshots = 0;
                rig.Stack.Refuses = (method, id) => method == "PUT" && id.IsOfType("Microsoft.Compute/snapshots") && ++snapshots == 2
                    ? new AzsException(kind, errorId, $"The stack refuses: {errorId}.", "Look at it.", id.ToString())
                    : null;
                break;
        }

        var failure = await Assert.ThrowsAsync<AzsException>(() => rig.BackUpAsync(vm));

        Assert.Equal((kind, errorId), (failure.Kind, failure.ErrorId));
        Assert.NotEmpty(failure.NextStep);
        Assert.Empty(rig.Stack.Snapshots);
        Assert.Empty(rig.Stack.Grants);
        Assert.Empty(rig.SessionObjects);
        Assert.Empty(rig.RunObjects);
        Assert.Empty(await rig.PointsAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_DiskResizedBetweenPlanAndSnapshot_PointHasTheDiskOfTheSnapshot(bool hasEarlierPoint)
    {
        using var rig = await BackupRig.CreateAsync();
        var vm = rig.Stack.AddVm("web", Disks);
        var first = hasEarlierPoint ? await rig.BackUpAsync(vm) : null;
        var larger = TestDisks.Make(3, 150);
        rig.Stack.Refuses = (method, id) =>
        {
            if (method == "PUT" && id.IsOfType("Microsoft.Compute/snapshots")) rig.Stack.SetDisk("web-disk0", larger);
            return null;
        };

        var point = await rig.BackUpAsync(vm);

        Assert.Equal([larger, Disks[1]], await rig.RestoreAsync(point));
        Assert.Equal(larger.Length - 512, point.Disks[0].SizeBytes);
        if (first is not null) Assert.Equal(Disks, await rig.RestoreAsync(first));
        Assert.Equal(point.Disks.Select(disk => disk.KeptSnapshotId).OfType<string>().Order(), rig.Stack.Snapshots.Select(id => id.ToString()).Order());
    }

    [Fact]
    public async Task Run_ProvisioningFailed_IsBackedUpWithAWarning()
    {
        using var rig = await BackupRig.CreateAsync();
        var vm = rig.Stack.AddVm("web", Disks);
        rig.Stack.ChangeVm(vm, properties => properties["provisioningState"] = "Failed");

        Assert.Equal(Disks, await rig.RestoreAsync(await rig.BackUpAsync(vm)));

        Assert.Single(rig.Log.Warnings, warning => warning.Contains("provisioning state Failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_SnapshotsThatALockKeepsFromBeingDeleted_AreNamedAndDeletedByALaterRun()
    {
        using var rig = await BackupRig.CreateAsync();
        var vm = rig.Stack.AddVm("web", Disks);
        await rig.BackUpAsync(vm);
        var old = rig.Stack.Snapshots.ToList();
        rig.Stack.Refuses = (method, id) => method == "DELETE"
            ? new AzsException(AzsErrorKind.Busy, "ScopeLocked", "A lock forbids to delete.", "Remove the lock.", id.ToString())
            : null;

        var point = await rig.BackUpAsync(vm);

        Assert.Equal(Disks, await rig.RestoreAsync(point));
        Assert.All(old, id => Assert.Contains(rig.Log.Warnings, warning => warning.Contains(id.ToString(), StringComparison.Ordinal)));
        rig.Stack.Refuses = (_, _) => null;
        await rig.BackUpAsync(vm);
        Assert.Empty(rig.Stack.Snapshots.Intersect(old));
        Assert.Equal(2, rig.Stack.Snapshots.Count());
    }

    [Fact]
    public async Task Run_DisksDetachedAndAttachedBetweenRuns_PointsHaveTheDisksOfTheirTime()
    {
        using var rig = await BackupRig.CreateAsync();
        var vm = rig.Stack.AddVm("web", Disks);
        var first = await rig.BackUpAsync(vm);
        JsonNode? detached = null;
        rig.Stack.ChangeVm(vm, properties =>
        {
            var data = properties["storageProfile"]!["dataDisks"]!.AsArray();
            detached = data[0]!.DeepClone();
            data.Clear();
        });
        var without = await rig.BackUpAsync(vm);
        rig.Stack.ChangeVm(vm, properties =>
        {
            detached!["lun"] = 7;
            properties["storageProfile"]!["dataDisks"]!.AsArray().Add(detached);
        });
        var again = await rig.BackUpAsync(vm);

        Assert.Equal(Disks, await rig.RestoreAsync(first));
        Assert.Equal([Disks[0]], await rig.RestoreAsync(without));
        Assert.Equal(Disks, await rig.RestoreAsync(again));
        Assert.Equal(7, again.Disks[1].Lun);
        Assert.Equal(again.Disks.Select(disk => disk.KeptSnapshotId).Order(), rig.Stack.Snapshots.Select(id => id.ToString()).Order());
    }

    [Theory]
    [InlineData("point.json", true)]
    [InlineData("point.json", false)]
    [InlineData("0.0.index", true)]
    public async Task Run_NewestPointDamagedOrRemoved_IsBuiltOnTheOneBeforeOrReadAnew(string part, bool damaged)
    {
        using var rig = await BackupRig.CreateAsync();
        var vm = rig.Stack.AddVm("web", Disks);
        await rig.BackUpAsync(vm);
        var newest = await rig.BackUpAsync(vm);
        var file = Directory.EnumerateFiles(Path.Combine(rig.Folder, "vault", "points"), part, SearchOption.AllDirectories)
            .Single(path => path.Contains(newest.Id, StringComparison.Ordinal));
        if (damaged) await File.WriteAllBytesAsync(file, [1, 2, 3], TestContext.Current.CancellationToken);
        else File.Delete(file);
        rig.StartAnew();

        var point = await rig.BackUpAsync(vm);

        Assert.Equal(Disks, await rig.RestoreAsync(point));
        Assert.Equal(point.Disks.Select(disk => disk.KeptSnapshotId).Order(), rig.Stack.Snapshots.Select(id => id.ToString()).Order());
    }

    [Fact]
    public async Task Run_NamesAsLongAsTheyMayBe_AreShortened()
    {
        using var rig = await BackupRig.CreateAsync();
        var vm = rig.Stack.AddVm(new string('v', 64), Disks);

        await rig.BackUpAsync(vm);

        Assert.All(rig.Stack.Snapshots, id => Assert.InRange(id.Name.Length, 1, 80));
        Assert.Equal(2, rig.Stack.Snapshots.Select(id => id.Name).Distinct().Count());
    }

    [Fact]
    public async Task Run_BlobSnapshotsOfDeadRuns_AreDeletedAndThoseOfOthersAreNot()
    {
        using var rig = await BackupRig.CreateAsync();
        var vm = rig.Stack.AddUnmanagedVm("old", Disks[0]);
        var blob = rig.Stack.Blob("old.vhd");
        await using var living = await rig.Vault.BeginSessionAsync("another run", TestContext.Current.CancellationToken);
        var dead = await SnapshotAsync(rig.Vault.Info.Id.ToString(), new string('0', 32));
        var running = await SnapshotAsync(rig.Vault.Info.Id.ToString(), living.Id);
        var foreign = await SnapshotAsync(Guid.Empty.ToString(), new string('0', 32));
        var theirs = await blob.CreateSnapshotAsync(TestContext.Current.CancellationToken);

        var point = await rig.BackUpAsync(vm);

        Assert.Equal([Disks[0]], await rig.RestoreAsync(point));
        Assert.DoesNotContain(dead, blob.SnapshotNames);
        Assert.Equal(new[] { running, foreign, theirs, point.Disks[0].KeptSnapshotId }.Order(), blob.SnapshotNames.Order());

        Task<string> SnapshotAsync(string vault, string session) => blob.CreateSnapshotAsync(
            new Dictionary<string, string> { ["azsbackup_vault"] = vault, ["azsbackup_session"] = session }, TestContext.Current.CancellationToken);
    }
}
