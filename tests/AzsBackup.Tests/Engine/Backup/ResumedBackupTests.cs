using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Engine.Fakes;
using AzsBackup.Vault;
using Xunit;

namespace AzsBackup.Tests.Engine.Backup;

/// <summary>What becomes of a run that breaks, and of the next one.</summary>
public sealed class ResumedBackupTests
{
    private const int Chunk = VaultOptions.MinimumChunkSize;

    /// <summary>25 pieces, each twice as many bytes as need not be read twice.</summary>
    private const int Pieces = 25;
    private const int Pages = Pieces * TransferBudget.PieceLength / 4096;

    private static readonly VmBackupOptions OneAtATime = new() { RequestsInFlight = 1 };

    public enum Then
    {
        SameDisk,
        ChangedDisk,
    }

    [Theory]
    [InlineData(Then.SameDisk)]
    [InlineData(Then.ChangedDisk)]
    public async Task Run_BrokenAtAnyRequest_IsResumedWithoutReadingAgain(Then then)
    {
        var total = 0;
        using (var rig = await RigAsync())
        {
            await rig.BackUpAsync(rig.Stack.AddVm("web", TestDisks.Thin(Pages)));
            total = rig.Stack.Requests;
        }

        var resumed = 0;
        for (var step = 1; step <= total; step++)
        {
            using var rig = await RigAsync();
            var disk = TestDisks.Thin(Pages);
            var vm = rig.Stack.AddVm("web", disk);
            rig.Stack.OnAnswer = number =>
            {
                if (number == step) throw Broken();
            };
            var failure = await Record.ExceptionAsync(() => rig.BackUpAsync(vm));
            rig.Stack.OnAnswer = null;
            rig.StartAnew();
            var read = rig.Stack.BytesRead;
            var changed = 0L;
            if (then == Then.ChangedDisk)
            {
                disk = [.. disk];
                disk[5 * Chunk]++;
                disk.AsSpan(40 * Chunk, 2 * Chunk).Clear();
                rig.Stack.SetDisk("web-disk0", disk);
                changed = Chunk;
            }

            var point = await rig.BackUpAsync(vm);

            Assert.True(failure is null or AzsException { ErrorId: "Injected" }, $"step {step}: {failure}");
            Assert.Equal([disk], await rig.RestoreAsync(point));

            // What was read twice: all that was read, but the disk, what changed on it, and two looks at its end.
            if (failure is not null)
            {
                var twice = rig.Stack.BytesRead - disk.Length - changed - (2 * VhdFooter.Length);
                Assert.True(twice <= (disk.Length / 20) + TransferBudget.PieceLength, $"step {step}: {twice >> 20} MiB were read twice, after {read >> 20}.");
                if (point.BytesResumed > 0) resumed++;
                Assert.Equal(point.BytesResumed > 0, failure.Message.Contains("goes on from there", StringComparison.Ordinal));
            }

            await AssertNothingLeftAsync(rig, point, $"step {step}");
        }

        Assert.InRange(resumed, Pieces - 3, total);
    }

    [Theory]
    [InlineData(AzsChangeSource.PageRanges)]
    [InlineData(AzsChangeSource.FullRead)]
    [InlineData(null)]
    public async Task Run_WhereChangesAreNotTold_FinishesTheBrokenRunAndSaysOfWhen(AzsChangeSource? source)
    {
        using var rig = await RigAsync();
        rig.Options = OneAtATime with { ChangeSource = source };
        rig.Stack.ReportsChanges = false;
        var disk = TestDisks.Thin(Pages);
        var vm = rig.Stack.AddVm("web", disk);
        await BreakAsync(rig, vm, afterBytes: disk.Length / 2);
        var before = Assert.Single(rig.Stack.Snapshots);
        rig.StartAnew();
        var changed = disk.ToArray();
        changed[0]++;
        rig.Stack.SetDisk("web-disk0", changed);

        var point = await rig.BackUpAsync(vm);

        Assert.Equal([disk], await rig.RestoreAsync(point));
        Assert.InRange(rig.Stack.BytesRead, disk.Length, disk.Length * 21 / 20);
        Assert.Contains(rig.Log.Warnings, warning => warning.Contains("the recovery point is of", StringComparison.Ordinal));
        Assert.DoesNotContain(before, rig.Stack.Snapshots);
        await AssertNothingLeftAsync(rig, point, "");
        Assert.Equal([changed], await rig.RestoreAsync(await rig.BackUpAsync(vm)));
    }

    [Fact]
    public async Task Run_StackThatLiesOfWhatChangedSince_IsCaughtByTheSample()
    {
        using var rig = await RigAsync();
        var disk = TestDisks.Thin(Pages);
        var vm = rig.Stack.AddVm("web", disk);
        await BreakAsync(rig, vm, afterBytes: disk.Length / 2);
        rig.StartAnew();
        for (var at = 0; at < disk.Length - 512; at += Chunk) disk[at]++;
        rig.Stack.SetDisk("web-disk0", disk);
        rig.Stack.HidesChange = _ => true;

        var point = await rig.BackUpAsync(vm);

        Assert.Equal([disk], await rig.RestoreAsync(point));
        Assert.Contains(rig.Log.Warnings, warning => warning.Contains("left changes", StringComparison.Ordinal));
        Assert.Equal(0, point.BytesResumed);
        await AssertNothingLeftAsync(rig, point, "");
    }

    [Fact]
    public async Task Run_IncrementalThatBreaks_IsResumedOnTopOfTheEarlierPoint()
    {
        using var rig = await RigAsync();
        rig.Options = OneAtATime with { SampleBytes = Chunk };
        var disk = TestDisks.Thin(Pages);
        var vm = rig.Stack.AddVm("web", disk);
        var first = await rig.BackUpAsync(vm);
        disk = [.. disk];
        for (var at = 0; at < disk.Length / 2; at += 4096) disk[at]++;
        rig.Stack.SetDisk("web-disk0", disk);
        rig.StartAnew();
        await BreakAsync(rig, vm, afterBytes: disk.Length / 4);
        var read = rig.Stack.BytesRead;
        disk = [.. disk];
        disk[Chunk]++;
        disk[^600]++;
        rig.Stack.SetDisk("web-disk0", disk);
        rig.StartAnew();

        var point = await rig.BackUpAsync(vm);

        Assert.Equal(AzsChangeSource.PageRangeDiff, point.Disks[0].ChangeSource);
        Assert.InRange(point.BytesResumed, (disk.Length / 4) - (2 * TransferBudget.PieceLength), disk.Length / 4);
        Assert.InRange(rig.Stack.BytesRead - read, disk.Length / 4, (disk.Length / 4) + (3L * TransferBudget.PieceLength));
        Assert.Equal([disk], await rig.RestoreAsync(point));
        Assert.Contains(await rig.PointsAsync(), one => one.Id == first.Id);
        await AssertNothingLeftAsync(rig, point, "");
    }

    [Fact]
    public async Task Run_BrokenAgainAndAgain_GoesOnEachTime()
    {
        using var rig = await RigAsync();
        var disk = TestDisks.Thin(Pages);
        var vm = rig.Stack.AddVm("web", disk);
        for (var quarter = 1; quarter <= 3; quarter++)
        {
            await BreakAsync(rig, vm, afterBytes: disk.Length / 4);
            Assert.Single(rig.Stack.Snapshots);
            rig.StartAnew();
            disk = [.. disk];
            disk[(quarter * Chunk) + 7]++;
            rig.Stack.SetDisk("web-disk0", disk);
        }

        var point = await rig.BackUpAsync(vm);

        Assert.Equal([disk], await rig.RestoreAsync(point));

        // Each break reads a piece again, and each resumption the chunks changed and a sample.
        Assert.InRange(rig.Stack.BytesRead, disk.Length, disk.Length + (3L * TransferBudget.PieceLength) + (9 * Chunk) + 4096);
        await AssertNothingLeftAsync(rig, point, "");
    }

    [Fact]
    public async Task Run_CancelledHalfWay_LeavesNothing()
    {
        using var rig = await RigAsync();
        using var stop = new CancellationTokenSource();
        var disk = TestDisks.Thin(Pages);
        var vm = rig.Stack.AddVm("web", disk);
        rig.Stack.OnAnswer = _ =>
        {
            if (rig.Stack.BytesRead > disk.Length / 2) stop.Cancel();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.BackUpUntilAsync(vm, stop.Token));

        Assert.Empty(rig.Stack.Snapshots);
        Assert.Empty(rig.RunObjects);
        Assert.Empty(rig.SessionObjects);
    }

    [Fact]
    public async Task Run_SnapshotOfTheBrokenRunDeletedBySomebody_ReadsTheDiskFromItsBeginning()
    {
        using var rig = await RigAsync();
        var disk = TestDisks.Thin(Pages);
        var vm = rig.Stack.AddVm("web", disk);
        await BreakAsync(rig, vm, afterBytes: disk.Length / 2);
        await rig.Stack.DeleteAsync(Assert.Single(rig.Stack.Snapshots), TestContext.Current.CancellationToken);
        rig.StartAnew();

        var point = await rig.BackUpAsync(vm);

        Assert.Equal(0, point.BytesResumed);
        Assert.Equal([disk], await rig.RestoreAsync(point));
        await AssertNothingLeftAsync(rig, point, "");
    }

    [Fact]
    public async Task Run_ChunkOfTheBrokenRunLostFromTheVault_IsReadAgain()
    {
        using var rig = await RigAsync();
        var disk = TestDisks.Thin(Pages);
        var vm = rig.Stack.AddVm("web", disk);
        await BreakAsync(rig, vm, afterBytes: disk.Length / 2);
        foreach (var lost in Directory.EnumerateFiles(Path.Combine(rig.Folder, "vault", "chunks"), "*", SearchOption.AllDirectories).Order().Take(5).ToList())
            File.Delete(lost);
        rig.StartAnew();

        var point = await rig.BackUpAsync(vm);

        Assert.True(point.BytesResumed > 0);
        Assert.Equal([disk], await rig.RestoreAsync(point));
    }

    [Fact]
    public async Task Run_VaultGoneHalfWay_IsResumedWhenItIsBack()
    {
        using var rig = await RigAsync();
        var disk = TestDisks.Thin(Pages);
        var vm = rig.Stack.AddVm("web", disk);
        var vault = Path.Combine(rig.Folder, "vault");
        rig.Stack.OnAnswer = _ =>
        {
            if (rig.Stack.BytesRead > disk.Length / 2 && Directory.Exists(vault)) Directory.Move(vault, vault + "-away");
            if (rig.Stack.BytesRead > disk.Length * 2 / 3) throw Broken();
        };
        var failure = await Record.ExceptionAsync(() => rig.BackUpAsync(vm));
        rig.Stack.OnAnswer = null;
        if (Directory.Exists(vault)) Directory.Delete(vault, recursive: true);
        Directory.Move(vault + "-away", vault);
        rig.StartAnew();

        var point = await rig.BackUpAsync(vm);

        Assert.IsType<AzsException>(failure);
        Assert.InRange(point.BytesResumed, (disk.Length / 2) - (4L * TransferBudget.PieceLength), disk.Length);
        Assert.Equal([disk], await rig.RestoreAsync(point));
    }

    private static AzsException Broken() => new(AzsErrorKind.RemoteFailed, "Injected", "Injected.", "None.");

    private static async Task<BackupRig> RigAsync()
    {
        var rig = await BackupRig.CreateAsync();
        rig.Options = OneAtATime;
        return rig;
    }

    private static async Task BreakAsync(BackupRig rig, ResourceId vm, long afterBytes)
    {
        var start = rig.Stack.BytesRead;
        rig.Stack.OnAnswer = _ =>
        {
            if (rig.Stack.BytesRead - start > afterBytes) throw Broken();
        };
        var failure = await Assert.ThrowsAsync<AzsException>(() => rig.BackUpAsync(vm));
        rig.Stack.OnAnswer = null;
        Assert.Equal("Injected", failure.ErrorId);
        Assert.Contains("goes on from there", failure.Message, StringComparison.Ordinal);
        Assert.Empty(rig.Stack.Grants);
        Assert.Empty(rig.SessionObjects);
    }

    private static async Task AssertNothingLeftAsync(BackupRig rig, AzsVmRecoveryPoint point, string where)
    {
        Assert.Empty(rig.Stack.Grants);
        Assert.Empty(rig.SessionObjects);
        Assert.Empty(rig.RunObjects);
        Assert.Contains(await rig.PointsAsync(), one => one.Id == point.Id);
        var kept = point.Disks.Select(disk => disk.KeptSnapshotId).OfType<string>();
        var left = rig.Stack.Snapshots.Select(id => id.ToString()).Except(kept).ToList();
        Assert.True(left.All(id => rig.Log.Warnings.Any(warning => warning.Contains(id, StringComparison.Ordinal))), $"{where}: {string.Join(", ", left)}");
    }
}
