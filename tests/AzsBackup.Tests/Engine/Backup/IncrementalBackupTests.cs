using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Engine.Fakes;
using AzsBackup.Vault;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace AzsBackup.Tests.Engine.Backup;

public sealed class IncrementalBackupTests
{
    private const int Page = 4096;
    private const int Pages = 2048;
    private const int Chunk = VaultOptions.MinimumChunkSize;

    private static readonly VmBackupOptions OneSample = new() { SampleBytes = Chunk };
    private static readonly VmBackupOptions AllSampled = new() { SampleBytes = long.MaxValue };

    [Fact]
    public async Task Run_Again_ReadsTheChangedChunksAndTheSampleOnly()
    {
        using var rig = await RigAsync();
        var disk = TestDisks.Make(1, Pages);
        var vm = rig.Stack.AddVm("web", disk);
        await rig.BackUpAsync(vm);
        rig.StartAnew();
        disk[5 * Chunk]++;
        disk.AsSpan((9 * Chunk) - 1, 2).Fill(7);
        rig.Stack.SetDisk("web-disk0", disk);

        var point = await rig.BackUpAsync(vm);

        var backedUp = Assert.Single(point.Disks);
        Assert.Equal(AzsChangeSource.PageRangeDiff, backedUp.ChangeSource);
        Assert.Equal((3 + 1) * Chunk, point.BytesRead);
        Assert.Equal([disk], await rig.RestoreAsync(point));
    }

    [Property(MaxTest = 15)]
    public Property Run_AnyHistoryOfChanges_EveryPointRestoresItsOwnBytes() => Prop.ForAll(
        Gen.Choose(0, (Pages * 3) - 1).ArrayOf(6).ListOf(4).ToArbitrary(),
        history => RunHistoryAsync(history).GetAwaiter().GetResult());

    [Fact]
    public async Task Run_ReportThatLeavesAChangeOut_IsCaughtByTheSampleAndTheDiskReadWhole()
    {
        using var rig = await RigAsync(AllSampled);
        var disk = TestDisks.Make(1, Pages);
        var vm = rig.Stack.AddVm("web", disk);
        await rig.BackUpAsync(vm);
        disk[3 * Chunk]++;
        disk[8 * Chunk]++;
        rig.Stack.SetDisk("web-disk0", disk);
        rig.Stack.HidesChange = range => range.Offset < 4 * Chunk;

        var point = await rig.BackUpAsync(vm);

        Assert.Equal(AzsChangeSource.PageRanges, point.Disks[0].ChangeSource);
        Assert.Contains(rig.Log.Warnings, warning => warning.Contains("left changes of disk 'web-disk0' out", StringComparison.Ordinal));
        Assert.Equal([disk], await rig.RestoreAsync(point));
        Assert.Equal(ChangeReport.Distrusted, (await rig.DetailsAsync())[0].ChangeReport);
        Assert.Empty(rig.Stack.Snapshots);
    }

    [Fact]
    public async Task Run_OnAStackOnceCaughtLying_TrustsNoReportOfItUntilToldTo()
    {
        using var rig = await RigAsync(AllSampled);
        var disk = TestDisks.Make(1, Pages);
        var liar = rig.Stack.AddVm("web", disk);
        var other = rig.Stack.AddVm("db", disk);
        await rig.BackUpAsync(liar);
        await rig.BackUpAsync(other);
        disk[3 * Chunk]++;
        rig.Stack.SetDisk("web-disk0", disk);
        rig.Stack.HidesChange = _ => true;
        await rig.BackUpAsync(liar);
        rig.Stack.HidesChange = _ => false;
        rig.StartAnew();

        var untrusting = await rig.BackUpAsync(other);
        rig.Options = AllSampled with { ChangeSource = AzsChangeSource.PageRangeDiff };
        await rig.BackUpAsync(other);
        var trusting = await rig.BackUpAsync(other);

        Assert.Equal(AzsChangeSource.PageRanges, untrusting.Disks[0].ChangeSource);
        Assert.Equal(AzsChangeSource.PageRangeDiff, trusting.Disks[0].ChangeSource);
    }

    [Fact]
    public async Task Run_StackThatReportsNoChanges_StoresIncrementsAndKeepsNoSnapshot()
    {
        using var rig = await RigAsync();
        rig.Stack.ReportsChanges = false;
        var disk = TestDisks.Make(1, Pages);
        var vm = rig.Stack.AddVm("web", disk);
        var first = await rig.BackUpAsync(vm);
        disk[Chunk]++;
        rig.Stack.SetDisk("web-disk0", disk);

        var second = await rig.BackUpAsync(vm);

        Assert.Equal(AzsChangeSource.PageRanges, second.Disks[0].ChangeSource);
        Assert.InRange(second.BytesStored, 1, first.BytesStored / 4);
        Assert.Equal(ChangeReport.NotSupported, (await rig.DetailsAsync())[0].ChangeReport);
        Assert.Empty(rig.Stack.Snapshots);
        Assert.Equal([disk], await rig.RestoreAsync(second));
    }

    [Fact]
    public async Task Run_FullReadAskedFor_ReadsEveryByteAndKeepsNoSnapshot()
    {
        using var rig = await RigAsync(new VmBackupOptions { ChangeSource = AzsChangeSource.FullRead });
        var disk = TestDisks.Make(1, Pages);

        var point = await rig.BackUpAsync(rig.Stack.AddVm("web", disk));

        Assert.Equal(AzsChangeSource.FullRead, point.Disks[0].ChangeSource);
        Assert.Equal(disk.Length, point.BytesRead);
        Assert.Empty(rig.Stack.Snapshots);
        Assert.Equal([disk], await rig.RestoreAsync(point));
    }

    [Fact]
    public async Task Run_KeptSnapshotGoneOrReplaced_ReadsAllAllocatedRanges()
    {
        using var rig = await RigAsync();
        var disk = TestDisks.Make(1, Pages);
        var vm = rig.Stack.AddVm("web", disk);
        await rig.BackUpAsync(vm);
        var kept = Assert.Single(rig.Stack.Snapshots);
        await rig.Stack.DeleteAsync(kept, TestContext.Current.CancellationToken);
        await rig.Stack.PutAsync(
            kept,
            new() { ["properties"] = new System.Text.Json.Nodes.JsonObject { ["creationData"] = new System.Text.Json.Nodes.JsonObject { ["sourceResourceId"] = $"/subscriptions/{MemoryStack.Subscription}/resourceGroups/app/providers/Microsoft.Compute/disks/web-disk0" } } },
            TestContext.Current.CancellationToken);
        disk[Chunk]++;
        rig.Stack.SetDisk("web-disk0", disk);

        var point = await rig.BackUpAsync(vm);

        Assert.Equal(AzsChangeSource.PageRanges, point.Disks[0].ChangeSource);
        Assert.Contains(kept, rig.Stack.Snapshots);
        Assert.Equal([disk], await rig.RestoreAsync(point));
    }

    [Fact]
    public async Task Run_DiskResized_IsReadAnew()
    {
        using var rig = await RigAsync();
        var vm = rig.Stack.AddVm("web", TestDisks.Make(1, Pages));
        await rig.BackUpAsync(vm);
        var larger = TestDisks.Make(2, Pages + 64);
        rig.Stack.SetDisk("web-disk0", larger);

        var point = await rig.BackUpAsync(vm);

        Assert.Equal(AzsChangeSource.PageRanges, point.Disks[0].ChangeSource);
        Assert.Equal([larger], await rig.RestoreAsync(point));
    }

    [Fact]
    public async Task Run_ChunkLostFromTheVault_IsReadAgainThoughNothingChanged()
    {
        using var rig = await RigAsync(OneSample);
        var disk = TestDisks.Make(1, Pages);
        var vm = rig.Stack.AddVm("web", disk);
        await rig.BackUpAsync(vm);
        var lost = Directory.EnumerateFiles(Path.Combine(rig.Folder, "vault", "chunks"), "*", SearchOption.AllDirectories).Order().Take(3).ToList();
        lost.ForEach(File.Delete);

        var point = await rig.BackUpAsync(vm);

        Assert.Equal(AzsChangeSource.PageRangeDiff, point.Disks[0].ChangeSource);
        Assert.Equal([disk], await rig.RestoreAsync(point));
        Assert.All(lost, file => Assert.True(File.Exists(file)));
    }

    [Fact]
    public async Task Run_SnapshotsOfDeadRuns_AreDeletedAndThoseOfOthersAreNot()
    {
        using var rig = await RigAsync();
        var vm = rig.Stack.AddVm("web", TestDisks.Make(1, 64));
        await using var living = await rig.Vault.BeginSessionAsync("another run", TestContext.Current.CancellationToken);
        var dead = await PutSnapshotAsync(rig, "dead", vm, rig.Vault.Info.Id.ToString(), new string('0', 32));
        var running = await PutSnapshotAsync(rig, "running", vm, rig.Vault.Info.Id.ToString(), living.Id);
        var foreign = await PutSnapshotAsync(rig, "foreign", vm, Guid.Empty.ToString(), new string('0', 32));

        await rig.BackUpAsync(vm);

        Assert.DoesNotContain(dead, rig.Stack.Snapshots);
        Assert.Contains(running, rig.Stack.Snapshots);
        Assert.Contains(foreign, rig.Stack.Snapshots);
        Assert.Equal(3, rig.Stack.Snapshots.Count());
    }

    private static async Task<BackupRig> RigAsync(VmBackupOptions? options = null)
    {
        var rig = await BackupRig.CreateAsync();
        rig.Options = options ?? OneSample;
        return rig;
    }

    private static async Task<ResourceId> PutSnapshotAsync(BackupRig rig, string name, ResourceId vm, string vault, string session)
    {
        var id = ResourceId.Create(MemoryStack.Subscription, new SnapshotOptions().ResourceGroupName, "Microsoft.Compute/snapshots", name);
        var tags = new System.Text.Json.Nodes.JsonObject
        {
            ["azsbackup-vm"] = vm.ToString(),
            ["azsbackup-vault"] = vault,
            ["azsbackup-session"] = session,
        };
        await rig.Stack.PutAsync(id, new() { ["tags"] = tags }, TestContext.Current.CancellationToken);
        return id;
    }

    // Each number is a page and what happens to it: written, zeroed, or written with the bytes it has.
    private static async Task<bool> RunHistoryAsync(IEnumerable<int[]> history)
    {
        using var rig = await RigAsync();
        var disk = TestDisks.Make(7, Pages);
        var vm = rig.Stack.AddVm("web", disk);
        var expected = new List<(AzsVmRecoveryPoint Point, byte[] Disk)> { (await rig.BackUpAsync(vm), disk) };
        foreach (var changes in history)
        {
            disk = [.. disk];
            foreach (var change in changes)
            {
                var page = disk.AsSpan(change / 3 * Page, Page);
                if (change % 3 == 0) page.Fill((byte)change);
                else if (change % 3 == 1) page.Clear();
            }

            rig.Stack.SetDisk("web-disk0", disk);
            expected.Add((await rig.BackUpAsync(vm), disk));
        }

        foreach (var (point, bytes) in expected)
        {
            if (!(await rig.RestoreAsync(point))[0].AsSpan().SequenceEqual(bytes)) return false;
        }

        return expected.Skip(1).All(generation => generation.Point.Disks[0].ChangeSource == AzsChangeSource.PageRangeDiff);
    }
}
