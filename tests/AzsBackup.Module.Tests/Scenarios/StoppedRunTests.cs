using System.Management.Automation;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Scenarios;

/// <summary>Ctrl+C in the middle of the long commands.</summary>
[Collection("Connections")]
public sealed class StoppedRunTests(SampleStack sample) : IClassFixture<SampleStack>, IDisposable
{
    /// <summary>What the project promises for Ctrl+C.</summary>
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(5);

    /// <summary>The first reads of a managed snapshot, and of the blobs of an unmanaged disk, are answered; the others hang.</summary>
    private const string HangingReads = """
        [{"route":"^/md-(?!.*pagelist)","method":"GET","count":6,"latencyMs":1},{"route":"^/md-(?!.*pagelist)","method":"GET","latencyMs":600000},
         {"route":"vhds/db-1-(?!.*pagelist)","method":"GET","count":6,"latencyMs":1},{"route":"vhds/db-1-(?!.*pagelist)","method":"GET","latencyMs":600000}]
        """;

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Backup_LeavesNothingBehindAndTheVaultAsItWas()
    {
        using var host = sample.Connect().Set("folder", _scratch.Path).Set("vms", SampleStack.VmNames.Select(sample.VmId).ToArray());
        host.Invoke("$vault = New-AzsBackupVault $folder/vault -Password $password; $early = $vms | Start-AzsVmBackup -Vault $vault").Succeeded();
        var hashes = await Task.WhenAll(SampleStack.VmNames.Select(vm => sample.Probe.HashAsync(sample.DiskId(vm, null))));
        foreach (var vm in SampleStack.VmNames) await sample.Probe.ReplaceAsync(sample.DiskId(vm, null), sample.NextImage($"{vm}-next.img", 12));

        var before = sample.Stack.RecentRequests.Count;
        var kept = await sample.Probe.CountSnapshotsAsync();
        await StopAsync(host, "$vms | Start-AzsVmBackup -Vault $vault");

        await sample.Probe.AssertCleanAsync(kept);
        var requests = sample.Stack.RecentRequests.Skip(before).Where(request => request.Path.Contains("/vhds/", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, requests.Count(request => request is { Method: "PUT" } && request.Path.Contains("comp=snapshot", StringComparison.Ordinal)));
        Assert.Equal(2, requests.Count(request => request is { Method: "DELETE", Status: 202 }));
        Assert.Empty(Directory.GetFileSystemEntries(_scratch.File("vault/sessions")));

        host.Invoke("""
            $again = Get-AzsBackupVault $folder/vault -Password $password
            $early | Restore-AzsVmBackup -Path $folder/early -Vault $again
            $late = $vms | Start-AzsVmBackup -Vault $again
            $late | Restore-AzsVmBackup -Path $folder/late
            """).Succeeded();
        Assert.Equal(hashes, SampleStack.VmNames.Select(vm => SampleStack.HashOf(_scratch.File($"early/{vm}-os.vhd"))));
        await sample.AssertRestoredAsync(_scratch.File("late"), SampleStack.VmNames);
        Assert.Equal(6, host.Invoke("Get-AzsVmBackup -Vault $again").Succeeded().Count);
    }

    [Fact]
    public async Task Replication_LeavesNothingBehindOnTheSourceAndTheNextCycleSucceeds()
    {
        await using var target = await EmulatedStack.StartAsync(new EmulatedStackOptions { Region = "east" }, TestContext.Current.CancellationToken);
        using var host = SampleStack.Connect(sample.Connect(), target, "east").Set("vms", SampleStack.VmNames.Select(sample.VmId).ToArray());
        var kept = await sample.Probe.CountSnapshotsAsync();
        await StopAsync(host, "$vms | Copy-AzsStackReplica -Source local -Destination east");

        await sample.Probe.AssertCleanAsync(kept);
        Assert.Empty(host.Invoke("Get-AzsStackReplica -Stack east").Succeeded());
        Assert.Equal(3, host.Invoke("$vms | Copy-AzsStackReplica -Source local -Destination east").Succeeded().Count);
        Assert.Equal(3, host.Invoke("Get-AzsStackReplica -Stack east | Where-Object Health -EQ Healthy").Succeeded().Count);
    }

    [Fact]
    public async Task Restore_LeavesOnlyWholeFiles()
    {
        using var host = sample.Connect().Set("folder", _scratch.Path).Set("vms", SampleStack.VmNames.Select(sample.VmId).ToArray());
        host.Invoke("$vault = New-AzsBackupVault $folder/vault -NoEncryption; $points = $vms | Start-AzsVmBackup -Vault $vault").Succeeded();
        var output = Directory.CreateDirectory(_scratch.File("out")).FullName;

        using var shell = host.Start("$points | Restore-AzsVmBackup $folder/out", out var ending);
        while (Directory.GetFiles(output).Length == 0) await Task.Delay(1, TestContext.Current.CancellationToken);
        await StopAsync(shell, ending);

        var files = Directory.GetFiles(output).Select(Path.GetFileName).ToList();
        var whole = SampleStack.VmNames.Where(vm => files.Contains($"{vm}-os.vhd")).ToList();
        Assert.Equal(2 * whole.Count, files.Count);
        await sample.AssertRestoredAsync(output, whole);
    }

    /// <summary>Runs a command until its reads hang, stops it, and takes the fault away.</summary>
    private async Task StopAsync(ModuleHost host, string command)
    {
        var before = sample.Stack.RecentRequests.Count;
        await sample.Probe.FailAsync(HangingReads);
        try
        {
            using var shell = host.Start(command, out var ending);
            while (sample.Stack.RecentRequests.Skip(before).Count(IsHanging) < 2) await Task.Delay(5, TestContext.Current.CancellationToken);
            await StopAsync(shell, ending);
        }
        finally
        {
            await sample.Probe.HealAsync();
        }
    }

    private static async Task StopAsync(PowerShell shell, Task ending)
    {
        await shell.StopAsync(null, null).WaitAsync(Promise, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<PipelineStoppedException>(() => ending.WaitAsync(Promise, TestContext.Current.CancellationToken));
        Assert.Empty(shell.Streams.Error);
        Assert.Empty(shell.Streams.Warning);
    }

    private static bool IsHanging(RecordedRequest request) => request is { Method: "GET", Status: 0 }
        && !request.Path.Contains("pagelist", StringComparison.Ordinal)
        && (request.Path.StartsWith("/md-", StringComparison.Ordinal) || request.Path.Contains("vhds/db-1-", StringComparison.Ordinal));
}
