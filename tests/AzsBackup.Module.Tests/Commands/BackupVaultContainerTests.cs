using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

/// <summary>Vaults in blob containers, as a user sees them.</summary>
public sealed class BackupVaultContainerTests
{
    [Fact]
    public async Task Container_NewAndGet_GiveAVaultWithoutTheSas()
    {
        await using var container = await BlobContainerHost.StartAsync();
        using var host = NewHost().Set("uri", container.Signed("rcl"));
        var made = host.Invoke("New-AzsBackupVault -ContainerUri $uri -Password $password | ForEach-Object Path").Succeeded();
        Assert.Equal(container.Container, Assert.Single(made));
        var opened = host.Invoke("$v = Get-AzsBackupVault -ContainerUri $uri -Password $password; $v.Path; $v.Encrypted; '{0}' -f $v").Succeeded();
        Assert.Equal((container.Container, true), (opened[0], opened[1]));
        Assert.DoesNotContain("sig=", string.Concat(opened), StringComparison.OrdinalIgnoreCase);
        host.Invoke("Get-AzsBackupVault -ContainerUri $uri -Password $wrong").Failed("VaultWrongPassword");
        Assert.Contains(container.Container, host.Invoke("New-AzsBackupVault -ContainerUri $uri -Password $password").Failed("VaultExists").ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://127.0.0.1:1/c?sig=CANARY", "VaultUnreachable")]
    [InlineData("http://example.invalid/c?sig=CANARY", "ContainerUriNotHttps")]
    [InlineData("https://example.invalid/c?CANARY", "ContainerSasMissing")]
    public void Container_Failing_IsToldWithoutTheSas(string uri, string errorId)
    {
        using var host = NewHost().Set("uri", uri);
        var error = host.Invoke("Get-AzsBackupVault -ContainerUri $uri -Password $password").Failed(errorId);
        Assert.DoesNotContain("CANARY", $"{error} {error.TargetObject} {error.Exception} {error.ErrorDetails}", StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_PositionalPath_StillMeansTheFolder()
    {
        using var folder = new ScratchFolder();
        using var host = NewHost().Set("path", folder.Path);
        host.Invoke("$null = New-AzsBackupVault $path -NoEncryption").Succeeded();
        Assert.Equal(folder.Path, Assert.Single(host.Invoke("(Get-AzsBackupVault $path -NoEncryption).Path").Succeeded()));
    }

    private static ModuleHost NewHost() => ModuleHost.WithModule()
        .Set("password", ConnectedStack.Secret("five words of the passphrase"))
        .Set("wrong", ConnectedStack.Secret("another"));
}
