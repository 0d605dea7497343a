using System.Management.Automation;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

[Collection("Connections")]
public sealed class TestAzsVmBackupTests(SampleStack sample) : IClassFixture<SampleStack>, IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Test_Point_PassesAndGetSaysSo()
    {
        using var host = ConnectWithPoint();
        Assert.Equal([true, "Structure", true, true, 2, true, "Structure", true], host.Invoke("""
            $proof = $point | Test-AzsVmBackup
            $proof.Passed; "$($proof.Level)"; $proof.Certified; $proof.Sealed; [Collections.Generic.HashSet[string]]::new([string[]]$proof.Volumes.DiskName).Count
            $again = Get-AzsBackupVault $folder/vault -Password $password
            $seen = Get-AzsVmBackup -Vault $again
            $seen.LastProven -eq $proof.StartedAt; "$($seen.LastProofLevel)"; $null -ne $seen.LastVerified
            """).Succeeded());
    }

    [Fact]
    public void Test_DamagedVault_EmitsAndFails()
    {
        using var host = ConnectWithPoint();
        foreach (var chunk in Directory.GetFiles(_scratch.File("vault/chunks"), "*", SearchOption.AllDirectories)) File.WriteAllBytes(chunk, [.. File.ReadAllBytes(chunk).Reverse()]);

        var result = host.Invoke("$proof = $point | Test-AzsVmBackup; $proof.Passed; \"$($proof.Level)\"; $proof.Damage.Count -gt 0; $null -eq (Get-AzsVmBackup -Vault $vault).LastProven");

        Assert.Equal([false, "Chunks", true, true], result.Output);
        Assert.Equal(ErrorCategory.InvalidData, result.Failed("RecoveryPointTestFailed").CategoryInfo.Category);
    }

    [Fact]
    public void Test_WithoutEncryption_IsKeptAndNotSealed()
    {
        using var host = ConnectWithPoint("-NoEncryption");
        Assert.Equal([true, false], host.Invoke("$proof = $point | Test-AzsVmBackup -ChunksOnly; $proof.Certified; $proof.Sealed").Succeeded());
    }

    [Fact]
    public void Boot_ComesUp_IsTimedAndLeavesNothing()
    {
        using var host = ConnectWithPoint();
        Assert.Equal([true, "Boot", true, "Boot", "azsbackup-drill-"], host.Invoke("""
            $script:seen = [Collections.Concurrent.ConcurrentQueue[string]]::new()
            $proof = $point | Test-AzsVmBackup -Boot -Until { param($vm) ($using:seen).Enqueue($vm.Name) }
            $proof.Passed; "$($proof.Level)"; $proof.RecoveryTime -gt 0; "$((Get-AzsVmBackup -Vault $vault).LastProofLevel)"
            $seen.ToArray()[0].Substring(0, 16)
            """).Succeeded());
        Assert.Empty(host.Invoke("Export-AzsResourceConfig -Path $folder/capture | Where-Object ResourceId -match drill | ForEach-Object ResourceId").Output);
    }

    [Fact]
    public void Boot_NeverUp_FailsAndIsKeptAsFailed()
    {
        using var host = ConnectWithPoint();
        var result = host.Invoke("$proof = $point | Test-AzsVmBackup -Boot -TimeoutMinutes 0.02 -Until { throw 'not yet' }; $proof.Passed; \"$($proof.Level)\"; $null -eq $proof.RecoveryTime");
        Assert.Equal([false, "Boot", true], result.Output);
        Assert.Contains("not yet", result.Failed("RecoveryPointTestFailed").Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_DoesNothing()
    {
        using var host = ConnectWithPoint();
        var before = FolderState.Of(_scratch.Path);
        Assert.Empty(host.Invoke("$point | Test-AzsVmBackup -Boot -WhatIf").Succeeded());
        Assert.Equal(before, FolderState.Of(_scratch.Path));
    }

    private ModuleHost ConnectWithPoint(string secret = "-Password $password")
    {
        var host = sample.Connect().Set("folder", _scratch.Path);
        host.Invoke($$"""
            $vault = New-AzsBackupVault $folder/vault {{secret}}
            $point = Start-AzsVmBackup -Vault $vault -ResourceGroupName contoso-app -Name app-web-1
            """).Succeeded();
        return host;
    }
}
