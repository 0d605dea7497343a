using System.Management.Automation;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

[Collection("Connections")]
public sealed class RestoreToStackTests(SampleStack sample) : IClassFixture<SampleStack>, IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Pipeline_ToAResourceGroup_MakesEachVmUnderItsOwnName()
    {
        using var host = ConnectWithPoints("'app-web-1', 'app-web-2'");
        var output = host.Invoke("$points | Restore-AzsVmBackup -ResourceGroupName twins -WarningAction SilentlyContinue | ForEach-Object VmId").Succeeded();
        Assert.Equal([Id("twins", "app-web-1"), Id("twins", "app-web-2")], output.Order());
        Assert.Equal(await sample.Probe.HashAsync(sample.DiskId("app-web-1", null)), await sample.Probe.HashAsync(Disk("twins", "app-web-1-os")));
        Assert.Equal(await sample.Probe.HashAsync(sample.DiskId("app-web-2", 0)), await sample.Probe.HashAsync(Disk("twins", "app-web-2-data")));
    }

    [Fact]
    public async Task Disks_ChosenAndRenamed_AreMadeAlone()
    {
        using var host = ConnectWithPoints("'app-web-1'");
        var output = host.Invoke("($points | Restore-AzsVmBackup -ResourceGroupName loose -DisksOnly -IncludeDisk os -NameMap @{ 'app-web-1-os' = 'rescued' }).Disks.DiskId").Succeeded();
        Assert.Equal([Disk("loose", "rescued")], output);
        Assert.Equal(await sample.Probe.HashAsync(sample.DiskId("app-web-1", null)), await sample.Probe.HashAsync(Disk("loose", "rescued")));
    }

    [Fact]
    public async Task Unmanaged_UnderAnotherName_GoesToTheAccountItWasIn()
    {
        using var host = ConnectWithPoints("'db-1'");
        var output = host.Invoke("""
            ($points | Restore-AzsVmBackup -ResourceGroupName dbs -VmName db-2 -NewAddress -NoPublicAddress -NoStart -WarningAction SilentlyContinue).Disks.DiskId
            """).Succeeded();
        Assert.Equal(2, output.Count);
        Assert.EndsWith("/vhds/db-2-os.vhd", (string)output[0]!, StringComparison.Ordinal);
        Assert.Equal(await sample.Probe.HashAsync(sample.DiskId("db-1", 0)), await sample.Probe.HashAsync((string)output[1]!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-WhatIf")]
    public async Task Blockers_AreAllSaidAndNothingIsMade(string whatIf)
    {
        using var host = ConnectWithPoints("'app-web-1'");
        var before = await sample.Probe.CountDisksAsync();
        var result = host.Invoke($"$points | Restore-AzsVmBackup -ResourceGroupName contoso-app -VmSize Standard_Nothing {whatIf} -WarningAction SilentlyContinue");
        Assert.Empty(result.Output);
        var ids = result.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]).Order(StringComparer.Ordinal);
        Assert.Equal(["NameTaken", "NameTaken", "NameTaken", "NameTaken", "SizeNotOffered"], ids);
        Assert.Equal(before, await sample.Probe.CountDisksAsync());
    }

    [Fact]
    public async Task WhatIf_WithoutBlockers_MakesNothing()
    {
        using var host = ConnectWithPoints("'app-web-1'");
        var before = await sample.Probe.CountDisksAsync();
        Assert.Empty(host.Invoke("$points | Restore-AzsVmBackup -ResourceGroupName fresh -VmName copy -WhatIf -WarningAction SilentlyContinue").Succeeded());
        Assert.Equal(before, await sample.Probe.CountDisksAsync());
    }

    [Fact]
    public async Task InPlace_IsUndoneInAnotherSession()
    {
        using var host = ConnectWithPoints("'app-web-1'");
        var before = await sample.Probe.HashAsync(sample.DiskId("app-web-1", 0));
        var output = host.Invoke("""
            $restore = $points | Restore-AzsVmBackup -InPlace -IncludeDisk 0
            $restore.Disks.ReplacedDiskId
            $again = $points | Restore-AzsVmBackup -InPlace -IncludeDisk 0 -ErrorAction SilentlyContinue -ErrorVariable refused
            $refused[0].FullyQualifiedErrorId -replace ',.*'
            (Complete-AzsVmRestore -ResourceGroupName contoso-app -VmName app-web-1 -Undo -Confirm:$false).Undone
            """).Succeeded();
        Assert.Equal([sample.DiskId("app-web-1", 0), "RestoreNotCompleted", true], output);
        Assert.Equal(before, await sample.Probe.HashAsync(sample.DiskId("app-web-1", 0)));
        var error = host.Invoke("$points | Restore-AzsVmBackup -Path $folder/out | Complete-AzsVmRestore -Confirm:$false").Failed("RestoreNotInPlace");
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
    }

    private string Id(string group, string vm) => $"/subscriptions/{sample.Stack.SubscriptionId}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/{vm}";

    private string Disk(string group, string name) => $"/subscriptions/{sample.Stack.SubscriptionId}/resourceGroups/{group}/providers/Microsoft.Compute/disks/{name}";

    private ModuleHost ConnectWithPoints(string names)
    {
        var host = sample.Connect().Set("folder", _scratch.Path);
        host.Invoke($$"""
            $vault = New-AzsBackupVault $folder/vault -Password $password
            $points = {{names}} | ForEach-Object { [pscustomobject]@{ ResourceGroupName = 'contoso-app'; Name = $_ } } | Start-AzsVmBackup -Vault $vault
            """).Succeeded();
        return host;
    }
}
