using System.Management.Automation;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

/// <summary>Test- and Optimize-AzsBackupVault, Remove- and Set-AzsVmBackup, Set-AzsBackupVault.</summary>
[Collection("Connections")]
public sealed class VaultMaintenanceTests(SampleStack sample) : IClassFixture<SampleStack>, IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Remove_Undo_AndOptimize_TakeEffectInThisOrder()
    {
        using var host = ConnectWithPoint();
        Assert.Equal(["PendingRemoval", true, "Available", "PendingRemoval"], host.Invoke("""
            $pending = $point | Remove-AzsVmBackup -Confirm:$false
            "$($pending.State)"; ($pending.RemovalDueAt - [datetime]::UtcNow).TotalDays -gt 6.9
            "$(($point | Remove-AzsVmBackup -Undo -Confirm:$false).State)"
            "$(($point | Remove-AzsVmBackup -DelayDays 0 -Confirm:$false).State)"
            """).Succeeded());
        Assert.Equal([1, 0, 0L, 0, true], host.Invoke("""
            $null = Get-AzsVmBackup -Vault $vault | Restore-AzsVmBackup -Path $folder/out
            $first = Optimize-AzsBackupVault $vault -GracePeriodDays 0; $first.PointsRemoved
            @(Get-AzsVmBackup -Vault $vault).Count
            $null = Optimize-AzsBackupVault $vault -GracePeriodDays 0
            $third = $vault | Optimize-AzsBackupVault -GracePeriodDays 0; $third.ChunksCondemned
            [IO.Directory]::GetFiles("$folder/vault/chunks", '*', 'AllDirectories').Count
            $first.BytesCondemned -gt 0
            """).Succeeded());
    }

    [Fact]
    public void PinAndLock_HoldUntilTheyEnd()
    {
        using var host = ConnectWithPoint();
        Assert.Equal([true, false], host.Invoke("($point | Set-AzsVmBackup -Pinned).Pinned; ($point | Set-AzsVmBackup -Pinned:$false).Pinned").Succeeded());
        host.Invoke("$null = $point | Set-AzsVmBackup -Pinned").Succeeded();
        Assert.Equal("PointPinned", Id(host.Invoke("$point | Remove-AzsVmBackup -Confirm:$false")));
        host.Invoke("$null = $point | Set-AzsVmBackup -Pinned:$false -LockedUntil ([datetime]::UtcNow.AddDays(3))").Succeeded();
        var error = host.Invoke("$point | Remove-AzsVmBackup -Confirm:$false").Failed("PointLocked");
        Assert.Equal(ErrorCategory.PermissionDenied, error.CategoryInfo.Category);
        Assert.Equal([30d, 30d], host.Invoke("(Set-AzsBackupVault $vault -MinimumRetentionDays 30 -Confirm:$false).TotalDays; (Set-AzsBackupVault $vault -MinimumRetentionDays 3 -Confirm:$false).TotalDays").Succeeded());
        Assert.Equal([true], host.Invoke("(Get-AzsVmBackup -Vault $vault).LockedUntil -gt [datetime]::UtcNow.AddDays(29)").Succeeded());
        Assert.Equal("NothingToSet", Id(host.Invoke("$point | Set-AzsVmBackup")));
    }

    [Fact]
    public void Retention_KeepsTheNewestAndSaysWhy()
    {
        using var host = ConnectWithPoint();
        var result = host.Invoke("""
            $again = Start-AzsVmBackup -Vault $vault -ResourceGroupName contoso-app -Name app-web-1
            (Remove-AzsVmBackup -Vault $vault -KeepLast 1 -Confirm:$false -Verbose).Id -eq $point.Id
            (Get-AzsVmBackup -Vault $vault | Where-Object State -EQ Available).Id -eq $again.Id
            """);
        Assert.Equal([true, true], result.Succeeded());
        Assert.Contains(result.Verbose, line => line.Contains("Newest, Last", StringComparison.Ordinal));
        Assert.Equal("RetentionPolicyInvalid", Id(host.Invoke("Remove-AzsVmBackup -Vault $vault -KeepLast 0 -Confirm:$false")));
    }

    [Fact]
    public void Test_Whole_IsHealthyAndRemembered()
    {
        using var host = ConnectWithPoint();
        Assert.Equal([true, 0, 0L, true], host.Invoke("""
            $summary = Test-AzsBackupVault $vault
            $summary.Healthy; $summary.Damaged
            (Test-AzsBackupVault $vault -NotVerifiedForDays 5).ChunksRead
            [math]::Abs(((Get-AzsVmBackup -Vault $vault).LastVerified - [datetime]::UtcNow).TotalMinutes) -lt 30
            """).Succeeded());
    }

    [Fact]
    public void Test_DamagedChunk_NamesItWithAnErrorAndRepairsFromACopy()
    {
        using var host = ConnectWithPoint();
        foreach (var file in Directory.GetFiles(_scratch.File("vault"), "*", SearchOption.AllDirectories))
        {
            var copied = file.Replace(_scratch.File("vault"), _scratch.File("copy"), StringComparison.Ordinal);
            Directory.CreateDirectory(Path.GetDirectoryName(copied)!);
            File.Copy(file, copied);
        }

        var chunk = Directory.GetFiles(_scratch.File("vault/chunks"), "*", SearchOption.AllDirectories)[0];
        var bytes = File.ReadAllBytes(chunk);
        bytes[100] ^= 1;
        File.WriteAllBytes(chunk, bytes);
        var result = host.Invoke("Test-AzsBackupVault $vault -OutVariable found | ForEach-Object { $_.GetType().Name }; $?; $found[0].RecoveryPoints -eq $point.Id; \"$($found[0].Kind)\"");
        Assert.Equal(["AzsVaultDamage", "AzsVaultVerification", false], result.Output.Take(3));
        Assert.Equal("Damaged", result.Output[^1]);
        var error = result.Failed("VaultDamageFound");
        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);

        Assert.Equal([true, true, 1], host.Invoke("""
            $copy = Get-AzsBackupVault $folder/copy -Password $password
            $mended = Test-AzsBackupVault $vault -Repair -From $copy
            $mended[0].Repaired; $mended[-1].Healthy; @(Test-AzsBackupVault $vault).Count
            """).Succeeded());
    }

    private static string Id(Invocation invocation) => Assert.Single(invocation.Errors).FullyQualifiedErrorId.Split(',')[0];

    private ModuleHost ConnectWithPoint()
    {
        var host = sample.Connect().Set("folder", _scratch.Path);
        host.Invoke("""
            $vault = New-AzsBackupVault $folder/vault -Password $password
            $point = Start-AzsVmBackup -Vault $vault -ResourceGroupName contoso-app -Name app-web-1
            """).Succeeded();
        return host;
    }
}
