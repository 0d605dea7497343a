using AzsBackup.Model;
using Xunit;

namespace AzsBackup.Tests.Azure.Faults;

/// <summary>
/// Everything that can go wrong on the line, at every step of a backup and of a restore: the run ends well and with the right bytes, or tells
/// clearly why not and leaves nothing behind; and the next run ends well.
/// </summary>
public sealed class FaultMatrixTests(ITestOutputHelper output)
{
    private static readonly FaultStep[] BackupSteps =
    [
        new("Microsoft.Compute/virtualMachines/read"),
        new("Microsoft.Network/networkInterfaces/read"),
        new("Microsoft.Resources/subscriptions/resourceGroups/read"),
        new("Microsoft.Compute/snapshots/read"),
        new("Microsoft.Compute/snapshots/write"),
        new("Microsoft.Compute/snapshots/write") { After = 1 },
        new("Microsoft.Compute/snapshots/beginGetAccess/action"),
        new("Microsoft.Compute/snapshots/endGetAccess/action"),
        new("Microsoft.Compute/snapshots/delete"),
        new("Microsoft.Compute/locations/*"),
        new("GetBlobProperties"),
        new("GetPageRangesDiff"),
        new("GetBlob"),
        new("GetBlob") { After = 2 },
        new("ListBlobs") { OnVault = true },
        new("GetBlob") { OnVault = true },
        new("PutBlob") { OnVault = true },
        new("PutBlob") { OnVault = true, After = 3 },
        new("DeleteBlob") { OnVault = true },
    ];

    /// <summary>What comes first: finding out what the stack is, and a token for it.</summary>
    private static readonly FaultStep[] SignInSteps = [new("Metadata"), new("Token")];

    private static readonly FaultStep[] UnmanagedSteps =
    [
        new("Microsoft.Storage/storageAccounts/read"),
        new("Microsoft.Storage/storageAccounts/listKeys/action"),
        new("SnapshotBlob") { ByKey = true },
        new("SnapshotBlob") { ByKey = true, After = 1 },
        new("GetBlobProperties") { ByKey = true },
        new("GetPageRangesDiff") { ByKey = true },
        new("GetBlob") { ByKey = true },
        new("ListBlobs") { ByKey = true },
        new("DeleteBlob") { ByKey = true },
    ];

    private static readonly FaultStep[] RestoreSteps =
    [
        new("GetBlob") { OnVault = true },
        new("GetBlob") { OnVault = true, After = 2 },
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Backup_EachStepWithOneTrouble_EndsWellOrLeavesNothing() =>
        await BackUpUnderAsync(FaultScene.Managed, FaultCase.Diagonal(BackupSteps, 1));

    [Fact]
    public async Task Backup_UnmanagedDisksEachStepWithOneTrouble_EndsWellOrLeavesNothing() =>
        await BackUpUnderAsync(FaultScene.Unmanaged, FaultCase.Diagonal(UnmanagedSteps, 1));

    [LongFact]
    public async Task SignIn_EveryTrouble_ConnectsOrTells()
    {
        foreach (var one in FaultCase.All(SignInSteps))
        {
            // Each with a stack of its own: MSAL remembers for the whole process what an issuer asked it to wait, by the machine's clock.
            await using var rig = await FaultRig.StartAsync();
            await rig.AddAsync(onVault: false, one.Fault);
            var failure = await Record.ExceptionAsync(() => rig.ConnectAsync().WaitAsync(TimeSpan.FromMinutes(2), Ct));
            output.WriteLine($"{one}: {(failure is null ? "well" : failure.Message)}");
            Assert.True(await rig.ClearAsync(onVault: false) > 0, $"{one} never struck.");
            if (failure is null) continue;
            AssertClear(Assert.IsType<AzsException>(failure), one);
        }
    }

    [LongFact]
    public async Task Backup_UnmanagedDisksUnderManyTroubles_EndsWellOrLeavesNothing() =>
        await BackUpUnderAsync(FaultScene.Unmanaged, FaultCase.Sample(UnmanagedSteps, 12));

    [LongFact]
    public async Task Backup_ByPageRangesUnderManyTroubles_EndsWellOrLeavesNothing() =>
        await BackUpUnderAsync(FaultScene.With(AzsChangeSource.PageRanges), FaultCase.Sample([new("GetPageRanges"), new("GetBlob")], 8));

    [LongFact]
    public async Task Backup_ReadingAllUnderManyTroubles_EndsWellOrLeavesNothing() =>
        await BackUpUnderAsync(FaultScene.With(AzsChangeSource.FullRead), FaultCase.Sample([new("GetBlob"), new("GetBlob") { After = 1 }], 8));

    [Fact]
    public async Task Restore_EachTrouble_EndsWellOrLeavesNothing() => await RestoreUnderAsync(FaultCase.All(RestoreSteps.Take(1)));

    [LongFact]
    public async Task Backup_ResourceManagerWithManyTroubles_EndsWellOrLeavesNothing() =>
        await BackUpUnderAsync(FaultScene.Managed, FaultCase.Sample(BackupSteps.Where(step => !step.OnBlobs), 24));

    [LongFact]
    public async Task Backup_ReadingOfDisksWithManyTroubles_EndsWellOrLeavesNothing() =>
        await BackUpUnderAsync(FaultScene.Managed, FaultCase.Sample(BackupSteps.Where(step => step is { OnBlobs: true, OnVault: false }), 24));

    [LongFact]
    public async Task Backup_VaultWithManyTroubles_EndsWellOrLeavesNothing() =>
        await BackUpUnderAsync(FaultScene.Managed, FaultCase.Sample(BackupSteps.Where(step => step.OnVault), 24));

    [LongFact]
    public async Task Restore_EveryStepWithEveryTrouble_EndsWellOrLeavesNothing() => await RestoreUnderAsync(FaultCase.All(RestoreSteps));

    [Theory]
    [InlineData(false, "Microsoft.Compute/virtualMachines/read")]
    [InlineData(false, "Microsoft.Compute/snapshots/write")]
    [InlineData(false, "Microsoft.Compute/snapshots/beginGetAccess/action")]
    [InlineData(false, "GetBlob")]
    [InlineData(false, "GetPageRanges*")]
    [InlineData(true, "PutBlob")]
    public async Task Backup_StoppedWhileStalled_IsGoneAndLeavesNothing(bool onVault, string operation)
    {
        await using var rig = await FaultRig.StartAsync();
        var stalled = new FaultCase(
            new FaultStep(operation) { OnVault = onVault },
            "stalls",
            new() { ["operation"] = operation, ["stallAfterBytes"] = 0, ["direction"] = operation == "PutBlob" ? "request" : "response" });
        await rig.AddAsync(onVault, stalled.Fault);
        using var stop = new CancellationTokenSource();
        var running = rig.BackUpAsync(stop.Token);
        while (await rig.StruckAsync(onVault) == 0 && !running.IsCompleted) await Task.Delay(20, Ct);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromSeconds(30), Ct));
        await rig.ClearAsync(onVault);
        Assert.Empty(await rig.PointsAsync());
        if (operation != "Microsoft.Compute/snapshots/write") Assert.Empty(await rig.LeftoversAsync());
        await rig.AssertRightAsync(await rig.BackUpAsync(Ct), "after stopping");
        Assert.Empty(await rig.LeftoversAsync());
    }

    private async Task BackUpUnderAsync(FaultScene scene, IEnumerable<FaultCase> cases)
    {
        await using var rig = await FaultRig.StartAsync(scene);
        await rig.AssertRightAsync(await rig.BackUpAsync(Ct), "at first");
        int well = 0, told = 0, missed = 0;

        // The session of a run that could not reach the vault any more stays in it until it is taken for dead: it is told of once.
        var sessions = new HashSet<string>();
        foreach (var one in cases)
        {
            var points = (await rig.PointsAsync()).Count;
            await rig.AddAsync(one.Step.OnVault, one.Fault);
            AzsVmRecoveryPoint? point = null;
            AzsException? failure = null;
            try
            {
                point = await rig.BackUpAsync(Ct).WaitAsync(TimeSpan.FromMinutes(2), Ct);
            }
            catch (AzsException exception)
            {
                failure = exception;
            }
            catch (TimeoutException)
            {
                Assert.Fail($"{one}: the run did not end.");
            }

            var struck = await rig.ClearAsync(one.Step.OnVault);
            if (struck == 0) missed++;
            var warnings = rig.Log.Warnings.ToList();
            await rig.ConnectAsync();
            if (one.Trouble == "signature ended" && one.Step.OnVault) await rig.OpenContainerAsync();
            output.WriteLine($"{one}: {(failure is null ? "well" : $"told {failure.ErrorId}: {failure.Message}")}{(struck == 0 ? " (never struck)" : "")}{string.Concat(warnings.Select(warning => "\n    " + warning))}");
            if (failure is null)
            {
                well++;
                await rig.AssertRightAsync(point!, one.ToString());
            }
            else
            {
                told++;
                AssertClear(failure, one);
                Assert.True((await rig.PointsAsync()).Count == points, $"{one}: a run that failed left a point.");
            }

            var left = await LeftoversAsync();
            Assert.True(left.Count == 0 || LosesNames(one) || (MayLeave(one) && (warnings.Count > 0 || left.All(name => name.StartsWith("sessions/", StringComparison.Ordinal)))), $"{one}: left behind {string.Join(", ", left)}; warned of {warnings.Count}.");
            await rig.AssertRightAsync(await rig.BackUpAsync(Ct), $"the run after {one}");
            left = await LeftoversAsync();
            Assert.True(left.Count == 0 || (MayLeave(one) && one.Step.OnVault), $"the run after {one}: left behind {string.Join(", ", left)}.");
        }

        output.WriteLine($"{well} ended well, {told} told why not; {missed} faults never struck.");

        async Task<List<string>> LeftoversAsync() =>
            [.. (await rig.LeftoversAsync()).Where(name => !name.StartsWith("sessions/", StringComparison.Ordinal) || sessions.Add(name))];
    }

    private async Task RestoreUnderAsync(IEnumerable<FaultCase> cases)
    {
        await using var rig = await FaultRig.StartAsync();
        var point = await rig.BackUpAsync(Ct);
        foreach (var one in cases)
        {
            await rig.AddAsync(onVault: true, one.Fault);
            try
            {
                await rig.AssertRightAsync(point, one.ToString());
                output.WriteLine($"{one}: well");
            }
            catch (AzsException failure)
            {
                output.WriteLine($"{one}: told {failure.ErrorId}: {failure.Message}");
                AssertClear(failure, one);
            }

            Assert.True(await rig.ClearAsync(onVault: true) > 0, $"{one} never struck.");
            await rig.ConnectAsync();
            if (one.Trouble == "signature ended") await rig.OpenContainerAsync();
            await rig.AssertRightAsync(point, $"the restore after {one}");
        }
    }

    /// <summary>What lasts, at a step that gives back, can't be given back; what a vault does not let be deleted neither.</summary>
    private static bool MayLeave(FaultCase one) =>
        one.Step.GivesBack || one.Step.Operation == "Microsoft.Compute/locations/*" || one.Trouble is "signature ended"
        || (one.Step.OnVault && one.Trouble is "503, for ever" or "cut for ever" or "refused, 403" or "429, for an hour");

    /// <summary>Where the answer is lost, nobody knows the snapshot's name. It bears the run's mark: the next run, which follows, deletes it.</summary>
    private static bool LosesNames(FaultCase one) => one.Step.Operation == "SnapshotBlob";

    internal static void AssertClear(AzsException failure, FaultCase one)
    {
        Assert.False(string.IsNullOrWhiteSpace(failure.NextStep), $"{one}: {failure.ErrorId} says no next step.");
        Assert.False(string.IsNullOrWhiteSpace(failure.ErrorId));
        Assert.DoesNotContain("sig=", failure.ToString(), StringComparison.OrdinalIgnoreCase);
    }
}
