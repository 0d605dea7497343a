using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

/// <summary>Copy-AzsBackupVault, with points of the sample stack.</summary>
[Collection("Connections")]
public sealed class CopyAzsBackupVaultTests(SampleStack sample) : IClassFixture<SampleStack>, IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Copy_RestoresLikeTheSourceAndCopiesOnlyWhatIsMissing()
    {
        await using var container = await BlobContainerHost.StartAsync();
        using var host = sample.Connect().Set("folder", _scratch.Path).Set("uri", container.Signed("rcl"));
        host.Invoke("""
            $vault = New-AzsBackupVault $folder/vault -Password $password
            $null = Start-AzsVmBackup -Vault $vault -ResourceGroupName contoso-app -Name db-1
            """).Succeeded();
        var first = host.Invoke("$made = $vault | Copy-AzsBackupVault $folder/copy; $made.Status; $made.VmName; $made.ChunksCopied -gt 0; $made.Destination").Succeeded();
        Assert.Equal(["Copied", "db-1", true, _scratch.File("copy")], first.Select(value => value is Enum ? value.ToString() : value));
        var again = host.Invoke("""
            $null = Start-AzsVmBackup -Vault $vault -ResourceGroupName contoso-app -Name db-1
            $copy = Get-AzsBackupVault $folder/copy -Password $password
            (Copy-AzsBackupVault -Vault $vault -Destination $copy | ForEach-Object { "$($_.Status)" }) -join ' '
            (Get-AzsVmBackup -Vault $copy).Count
            $null = Get-AzsVmBackup -Vault $vault -Latest | Restore-AzsVmBackup -Path $folder/from-vault
            $null = Get-AzsVmBackup -Vault $copy -Latest | Restore-AzsVmBackup -Path $folder/from-copy
            """).Succeeded();
        Assert.Equal(["Present Copied", 2], again);
        Assert.Equal(
            File.ReadAllBytes(_scratch.File("from-vault/db-1-os.vhd")).AsSpan()[..^512],
            File.ReadAllBytes(_scratch.File("from-copy/db-1-os.vhd")).AsSpan()[..^512]);

        // Into a container, by a SAS that may neither delete nor overwrite; as a job.
        var job = host.Invoke("""
            $done = Copy-AzsBackupVault -Vault $vault -DestinationContainerUri $uri -AsJob | Wait-Job | Receive-Job
            ($done | ForEach-Object { "$($_.Status)" }) -join ' '
            (Get-AzsBackupVault -ContainerUri $uri -Password $password).RecoveryPoints
            """).Succeeded();
        Assert.Equal(["Copied Copied", 2], job);
    }

    [Fact]
    public void Copy_DamagedSource_IsAResultAndAnError()
    {
        using var host = sample.Connect().Set("folder", _scratch.Path);
        host.Invoke("""
            $vault = New-AzsBackupVault $folder/vault -Password $password
            $null = Start-AzsVmBackup -Vault $vault -ResourceGroupName contoso-app -Name db-1
            """).Succeeded();
        File.Delete(Directory.GetFiles(_scratch.File("vault/chunks"), "*", SearchOption.AllDirectories)[0]);
        var result = host.Invoke("$r = Copy-AzsBackupVault -Vault $vault $folder/copy; \"$($r.Status)\"; $r.DamagedObjects.Count; (Get-AzsBackupVault $folder/copy -Password $password).RecoveryPoints");
        Assert.Equal(["Failed", 1, 0], result.Output);
        Assert.StartsWith("CopySourceDamaged", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Copy_ForeignVault_IsRefused()
    {
        using var host = sample.Connect().Set("folder", _scratch.Path);
        host.Invoke("$vault = New-AzsBackupVault $folder/vault -NoEncryption; $null = New-AzsBackupVault $folder/other -NoEncryption").Succeeded();
        host.Invoke("Copy-AzsBackupVault -Vault $vault $folder/other").Failed("CopyDestinationForeign");
        host.Invoke("Copy-AzsBackupVault -Vault $vault $folder/vault").Failed("CopyDestinationIsSource");
    }
}
