using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Engine.Fakes;
using AzsBackup.Vault;
using AzsBackup.Vault.Runs;
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

    private enum Then
    {
        SameDisk,
        ChangedDisk,
    }

    [Fact]
    public Task Run_BrokenAtSomeRequests_IsResumedWithoutReadingAgain() => BreakEverywhereAsync(Then.ChangedDisk, every: 6);

    [LongFact]
    public Task Run_BrokenAtAnyRequest_IsResumedWithoutReadingAgain() => BreakEverywhereAsync(Then.SameDisk, every: 1);

    [LongFact]
    public Task Run_BrokenAtAnyRequestAndTheDiskChangedSince_IsResumedWithoutReadingAgain() => BreakEverywhereAsync(Then.ChangedDisk, every: 1);

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
        Assert.Single(rig.Stack.Snapshots);
        rig.StartAnew();
        var changed = disk.ToArray();
        changed[0]++;
        rig.Stack.SetDisk("web-disk0", changed);

        var point = await rig.BackUpAsync(vm);

        await AssertRestoresAsync(rig, point, disk);
        // A piece in flight was lost, the disk's end was looked at twice.
        Assert.InRange(rig.Stack.BytesRead, disk.Length, disk.Length + TransferBudget.PieceLength + (2 * VhdFooter.Length));
        Assert.Contains(rig.Log.Warnings, warning => warning.Contains("the recovery point is of", StringComparison.Ordinal));
        await AssertNothingLeftAsync(rig, point, "");
        await AssertRestoresAsync(rig, await rig.BackUpAsync(vm), changed);
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

        await AssertRestoresAsync(rig, point, disk);
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
        await AssertRestoresAsync(rig, point, disk);
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

        await AssertRestoresAsync(rig, point, disk);

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
        await AssertRestoresAsync(rig, point, disk);
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
        await AssertRestoresAsync(rig, point, disk);
    }

    [Fact]
    public async Task Run_VaultGoneHalfWay_IsResumedWhenItIsBack()
    {
        using var rig = await RigAsync();
        var disk = TestDisks.Thin(Pages);
        var vm = rig.Stack.AddVm("web", disk);
        var vault = Path.Combine(rig.Folder, "vault");
        var moved = false;
        rig.Stack.OnAnswer = _ =>
        {
            if (moved || rig.Stack.BytesRead < disk.Length / 2) return;
            moved = true;
            Directory.Move(vault, vault + "-away");
        };
        var failure = await Record.ExceptionAsync(() => rig.BackUpAsync(vm));
        rig.Stack.OnAnswer = null;
        Assert.True(failure is AzsException, failure?.ToString());
        if (Directory.Exists(vault)) Directory.Delete(vault, recursive: true);
        Directory.Move(vault + "-away", vault);
        await rig.ReopenAsync();

        var point = await rig.BackUpAsync(vm);

        Assert.InRange(point.BytesResumed, (disk.Length / 2) - (4L * TransferBudget.PieceLength), disk.Length);
        await AssertRestoresAsync(rig, point, disk);
    }

    /// <summary>Processes that die, one after the other, wherever they are; the last one lives.</summary>
    [Fact]
    public Task Run_KilledTwice_GoesOnEachTimeAndLeavesNothing() => KillAsync(seed: 1, kills: 2);

    private static async Task KillAsync(int seed, int kills)
    {
        var random = new Random(seed);
        using var rig = await RigAsync();

        // A run that is done before it is killed publishes; what the next one samples of it is not on trial here.
        rig.Options = OneAtATime with { ProgressBytes = 1, SampleBytes = Chunk };
        var disk = TestDisks.Thin(Pages);
        var vm = rig.Stack.AddVm("web", disk);
        var changed = 0L;
        for (var kill = 1; kill <= kills; kill++)
        {
            await rig.ReopenAsync(ProcessOf(kill));
            var at = rig.Stack.Requests + random.Next(1, 40);
            var reached = rig.Stack.HangAt(at);
            var run = rig.BackUpAsync(vm);
            if (await Task.WhenAny(run, reached) == run) await run;
            disk = [.. disk];
            disk[random.Next(1000, disk.Length - 1000)]++;

            // The chunk that changed, and one as a sample.
            changed += 2 * Chunk;
            rig.Stack.SetDisk("web-disk0", disk);
        }

        await rig.ReopenAsync(ProcessOf(kills + 1));
        var point = await rig.BackUpAsync(vm);

        await AssertRestoresAsync(rig, point, disk);
        var lost = kills * ((long)TransferBudget.PieceLength + (2 * VhdFooter.Length));
        Assert.True(rig.Stack.BytesRead <= disk.Length + changed + lost + (2 * VhdFooter.Length), $"seed {seed}: {rig.Stack.BytesRead} bytes were read.");
        Assert.Empty(rig.Stack.Grants);
        Assert.Empty(rig.RunObjects);
        Assert.Equal(point.Disks.Select(one => one.KeptSnapshotId), rig.Stack.Snapshots.Select(id => id.ToString()));
    }

    /// <summary>A process that sees that all before it are gone.</summary>
    private static WriterProcess ProcessOf(int number) => new("here", $"{number}", "start", _ => null);

    private static async Task BreakEverywhereAsync(Then then, int every)
    {
        var total = 0;
        using (var rig = await RigAsync())
        {
            await rig.BackUpAsync(rig.Stack.AddVm("web", TestDisks.Thin(Pages)));
            total = rig.Stack.Requests;
        }

        var resumed = 0;
        for (var step = 1; step <= total; step += every)
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
            await AssertRestoresAsync(rig, point, disk);

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

        Assert.InRange(resumed, (Pieces - 4) / every, total);
    }

    private static AzsException Broken() => new(AzsErrorKind.RemoteFailed, "Injected", "Injected.", "None.");

    private static async Task<BackupRig> RigAsync()
    {
        var rig = await BackupRig.CreateAsync();
        rig.Options = OneAtATime;
        return rig;
    }

    private static async Task AssertRestoresAsync(BackupRig rig, AzsVmRecoveryPoint point, byte[] disk)
    {
        // Element by element, as Assert.Equal does it, would take minutes.
        var restored = Assert.Single(await rig.RestoreAsync(point));
        Assert.True(disk.AsSpan().SequenceEqual(restored), "The point holds other bytes.");
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
