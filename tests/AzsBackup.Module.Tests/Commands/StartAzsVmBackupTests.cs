using System.Management.Automation;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

[Collection("Connections")]
public sealed class StartAzsVmBackupTests(SampleStack sample) : IClassFixture<SampleStack>, IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    /// <summary>The same VMs as other modules emit them. Az spells the group of a VM in upper case.</summary>
    [Theory]
    [InlineData("""
        'app-web-1', 'app-web-2' | ForEach-Object {
            $id = "/subscriptions/$($stack.SubscriptionId)/resourceGroups/CONTOSO-APP/providers/Microsoft.Compute/virtualMachines/$_"
            [pscustomobject]@{ Id = $id; ResourceGroupName = 'CONTOSO-APP'; Name = $_; VmId = [guid]::NewGuid().ToString(); Location = 'local'; Type = 'Microsoft.Compute/virtualMachines' }
        }
        """, 2)]
    [InlineData("""
        [pscustomobject]@{
            ResourceGroupName = 'contoso-app'; Location = 'local'; ProvisioningState = 'Succeeded'; ResourceId = "/subscriptions/$($stack.SubscriptionId)/resourceGroups/contoso-app"
        }
        """, 3)]
    [InlineData("[pscustomobject]@{ Id = $stack.SubscriptionId; Name = 'Sample'; State = 'Enabled'; SubscriptionId = $stack.SubscriptionId }", 3)]
    [InlineData("\"/subscriptions/$($stack.SubscriptionId)\"", 3)]
    [InlineData("[pscustomobject]@{ ResourceGroupName = 'contoso-app'; VMName = 'db-1' }", 1)]
    public void Pipeline_TakesWhatOtherModulesEmit(string input, int vms)
    {
        using var host = ConnectWithVault();
        var names = host.Invoke($"{input} | Start-AzsVmBackup -Vault $vault -IncludeDisk 0 | ForEach-Object VmName").Succeeded();
        Assert.Equal(vms, names.Distinct().Count());
        Assert.Equal(vms, names.Count);
    }

    /// <summary>The SAS may neither delete nor overwrite: all that a machine that makes backups should be trusted with.</summary>
    [Fact]
    public async Task VaultInAContainer_WithASasThatMayOnlyAdd_IsBackedUpToAndRestoredFrom()
    {
        await using var container = await BlobContainerHost.StartAsync();
        using var host = sample.Connect().Set("uri", container.Signed("rcl")).Set("out", _scratch.File("out"));
        host.Invoke("$vault = New-AzsBackupVault -ContainerUri $uri -NoEncryption").Succeeded();
        host.Invoke("$null = Start-AzsVmBackup -ResourceGroupName contoso-app -Name app-web-1 -Vault $vault").Succeeded();
        host.Invoke("$again = Get-AzsBackupVault -ContainerUri $uri -NoEncryption; $null = Get-AzsVmBackup -Vault $again -Latest | Restore-AzsVmBackup -Path $out").Succeeded();
        await sample.AssertRestoredAsync(_scratch.File("out"), "app-web-1");

        var refused = host.Invoke("Get-AzsVmBackup -Vault $again | Remove-AzsVmBackup -DelayDays 0 -Confirm:$false | Out-Null; Optimize-AzsBackupVault $again -GracePeriodDays 0").Errors;
        var error = Assert.Single(refused);
        Assert.Equal(ErrorCategory.PermissionDenied, error.CategoryInfo.Category);
        host.Invoke("$null = Get-AzsVmBackup -Vault $again | Restore-AzsVmBackup -Path $out/still").Succeeded();
        await sample.AssertRestoredAsync(_scratch.File("out/still"), "app-web-1");
    }

    [Fact]
    public async Task UnmanagedDisks_AreBackedUpByWhatChangedAndRestoredEqual()
    {
        using var host = ConnectWithVault();
        host.Set("out", _scratch.File("out"));
        var before = sample.Stack.RecentRequests.Count;
        host.Invoke("$first = Start-AzsVmBackup -ResourceGroupName contoso-app -Name db-1 -Vault $vault").Succeeded();
        var hash = await sample.Probe.HashAsync(sample.DiskId("db-1", null));
        await sample.Probe.ReplaceAsync(sample.DiskId("db-1", null), sample.NextImage("db-1-next.img", 12));

        var sources = host.Invoke("$second = Start-AzsVmBackup -ResourceGroupName contoso-app -Name db-1 -Vault $vault; $second.Disks.ChangeSource | ForEach-Object ToString").Succeeded();

        Assert.Equal(["PageRangeDiff", "PageRangeDiff"], sources.Cast<string>());
        host.Invoke("$second | Restore-AzsVmBackup -Path $out; $first | Restore-AzsVmBackup -Path $out/first").Succeeded();
        await sample.AssertRestoredAsync(_scratch.File("out"), "db-1");
        Assert.Equal(hash, SampleStack.HashOf(_scratch.File("out/first/db-1-os.vhd")));
        var requests = sample.Stack.RecentRequests.Skip(before).ToList();
        Assert.Equal(4, requests.Count(request => request is { Method: "PUT" } && request.Path.Contains("comp=snapshot", StringComparison.Ordinal)));
        Assert.Equal(2, requests.Count(request => request is { Method: "DELETE", Status: 202 } && request.Path.Contains("snapshot=", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("app-web-2", """[{"route":"snapshots/azsbackup-app-web-2-os","method":"PUT","status":403,"code":"AuthorizationFailed"}]""", "PermissionMissing", ErrorCategory.PermissionDenied)]
    [InlineData("app-web-2", """[{"route":"snapshots/azsbackup-app-web-2-lun0","method":"PUT","status":409,"code":"OperationNotAllowed"}]""", "ResourceConflict", ErrorCategory.ResourceBusy)]
    [InlineData("db-1", """[{"route":"vhds/db-1-os.vhd","method":"GET","status":500,"retryAfter":"0"}]""", "BlobRequestFailed", ErrorCategory.DeviceError)]
    public async Task OneBadVm_IsOneErrorAndTheOthersAreBackedUp(string bad, string fault, string errorId, ErrorCategory category)
    {
        using var host = ConnectWithVault();
        var others = SampleStack.VmNames.Where(name => name != bad).ToList();
        host.Set("vms", new[] { others[0], bad, others[1] }.Select(sample.VmId).ToArray()).Set("out", _scratch.File("out"));
        var before = await sample.Probe.CountSnapshotsAsync();
        await sample.Probe.FailAsync(fault);
        try
        {
            var result = host.Invoke("$vms | Start-AzsVmBackup -Vault $vault -OutVariable points | ForEach-Object VmName");
            Assert.Equal(others, result.Output.Cast<string>().Order(StringComparer.Ordinal));
            var error = result.Failed(errorId);
            Assert.Equal(category, error.CategoryInfo.Category);
            Assert.Equal(sample.VmId(bad), error.TargetObject);
            Assert.Equal($"{errorId},AzsBackup.Commands.StartAzsVmBackupCommand", error.FullyQualifiedErrorId);
        }
        finally
        {
            await sample.Probe.HealAsync();
        }

        var kept = host.Invoke("$points.Disks.KeptSnapshotId -like '/subscriptions/*'").Output.Count;
        await sample.Probe.AssertCleanAsync(before + kept);
        Assert.Empty(Directory.GetFileSystemEntries(_scratch.File("vault/sessions")));
        host.Invoke("$points | Restore-AzsVmBackup -Path $out").Succeeded();
        await sample.AssertRestoredAsync(_scratch.File("out"), others);
        Assert.Equal(others.Count, host.Invoke("Get-AzsVmBackup -Vault $vault").Succeeded().Count);
    }

    [Theory]
    [InlineData("-ResourceGroupName contoso-app -Name no-such-vm", "VmNotFound", ErrorCategory.ObjectNotFound, "no-such-vm")]
    [InlineData("-ResourceGroupName no-such-group", "ResourceNotFound", ErrorCategory.ObjectNotFound, "no-such-group")]
    [InlineData("-ResourceGroupName contoso-app -Name app-web-1 -IncludeDisk 7", "DiskNotInVm", ErrorCategory.InvalidArgument, "it has app-web-1-os (os), app-web-1-data (LUN 0)")]
    [InlineData("-ResourceGroupName contoso-app -Name app-web-1 -ExcludeDisk os, 0", "NoDiskLeft", ErrorCategory.InvalidArgument, "-ExcludeDisk")]
    [InlineData("-ResourceGroupName contoso-app -Name app-web-1 -Consistency Application", "PreSnapshotMissing", ErrorCategory.InvalidArgument, "-PreSnapshot")]
    [InlineData("-ResourceGroupName contoso-app -Name app-web-1 -PreSnapshot { 1 }", "ScriptsNotUsed", ErrorCategory.InvalidArgument, "-Consistency Application")]
    [InlineData("-Name app-web-1", "VmNotNamed", ErrorCategory.InvalidArgument, "-ResourceGroupName")]
    [InlineData("-ResourceId /not/an/id", "VmNotNamed", ErrorCategory.InvalidArgument, "-ResourceId")]
    public async Task BadInput_IsOneClearErrorAndNothingIsLeft(string arguments, string errorId, ErrorCategory category, string says)
    {
        using var host = ConnectWithVault();
        var before = FolderState.Of(_scratch.Path);
        var kept = await sample.Probe.CountSnapshotsAsync();
        var result = host.Invoke($"Start-AzsVmBackup {arguments} -Vault $vault");
        Assert.Empty(result.Output);
        var error = result.Failed(errorId);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Contains(says, error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Equal(before, FolderState.Of(_scratch.Path));
        await sample.Probe.AssertCleanAsync(kept);
    }

    [Fact]
    public async Task DiskThatIsNoVhd_IsOneClearErrorAndNothingIsLeft()
    {
        using var host = ConnectWithVault();
        using var account = await StorageAccountOwner.SignInAsync(sample.Stack, "contoso-app", "contosoappdata");
        var length = (4L << 20) + 512;
        var footer = await account.ReadAsync("vhds/db-1-data.vhd", length - 512, 512);
        await account.WriteAsync("vhds/db-1-data.vhd", length - 512, new byte[512]);
        var kept = await sample.Probe.CountSnapshotsAsync();
        try
        {
            var result = host.Invoke("Start-AzsVmBackup -ResourceGroupName contoso-app -Name db-1 -Vault $vault");
            Assert.Empty(result.Output);
            var error = result.Failed("DiskIsNoFixedVhd");
            Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
            Assert.Contains("'db-1-data'", error.ErrorDetails.Message, StringComparison.Ordinal);
            Assert.Contains("-ExcludeDisk", error.ErrorDetails.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFileSystemEntries(_scratch.File("vault/sessions")));
            Assert.False(Directory.Exists(_scratch.File("vault/points")));
            await sample.Probe.AssertCleanAsync(kept);
            Assert.Single(host.Invoke("Start-AzsVmBackup -ResourceGroupName contoso-app -Name db-1 -Vault $vault -ExcludeDisk 0").Succeeded());
        }
        finally
        {
            await account.WriteAsync("vhds/db-1-data.vhd", length - 512, footer);
        }
    }

    [Fact]
    public async Task AsJob_GivesItsPoints()
    {
        using var host = ConnectWithVault();
        host.Set("vms", SampleStack.VmNames.Select(sample.VmId).ToArray());
        var output = host.Invoke("""
            $job = $vms | Start-AzsVmBackup -Vault $vault -AsJob
            $null = $job | Wait-Job
            "$($job.State)"
            $job | Receive-Job -OutVariable points | ForEach-Object VmName
            $job | Remove-Job
            """).Succeeded();
        Assert.Equal(["Completed", .. SampleStack.VmNames], output.Take(1).Concat(output.Skip(1).Order()));
        host.Set("out", _scratch.File("out")).Invoke("$points | Restore-AzsVmBackup -Path $out").Succeeded();
        await sample.AssertRestoredAsync(_scratch.File("out"), SampleStack.VmNames);
    }

    private ModuleHost ConnectWithVault()
    {
        var host = sample.Connect().Set("folder", _scratch.File("vault"));
        host.Invoke("$vault = New-AzsBackupVault $folder -NoEncryption").Succeeded();
        return host;
    }
}
