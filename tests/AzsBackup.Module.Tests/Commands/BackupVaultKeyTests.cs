using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

/// <summary>The keys of a vault: Add-AzsBackupVaultKey, Remove-AzsBackupVaultKey, and opening by each kind.</summary>
public sealed class BackupVaultKeyTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly ModuleHost _host = ModuleHost.WithModule();

    public BackupVaultKeyTests()
    {
        _host.Set("folder", _scratch.Path).Set("password", ConnectedStack.Secret("five words")).Set("second", ConnectedStack.Secret("five others"));
        _host.Set("pfxPassword", ConnectedStack.Secret("pfx"));
        _host.Invoke("$ExecutionContext.SessionState.Path.SetLocation($folder); $vault = New-AzsBackupVault ./vault -Password $password").Succeeded();
    }

    public void Dispose()
    {
        _host.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void Passphrase_IsChangedWithoutRewritingData()
    {
        var output = _host.Invoke("""
            $null = Add-AzsBackupVaultKey -Vault $vault -Password $second
            $again = Get-AzsBackupVault ./vault -Password $second
            $again.KeySlots.Count
            $again.KeySlots | Where-Object IsUsed -eq $false | Remove-AzsBackupVaultKey -Vault $again -Confirm:$false
            (Get-AzsBackupVault ./vault -Password $second).KeySlots.Count
            """).Succeeded();
        Assert.Equal([2, 1], output);
        _host.Invoke("Get-AzsBackupVault ./vault -Password $password").Failed("VaultWrongPassword");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Certificate_MakesAndOpensVaults(bool expired)
    {
        Write("keeper.pfx", expired);
        var result = _host.Invoke("""
            $null = $vault | Add-AzsBackupVaultKey -CertificatePath ./keeper.pfx -CertificatePassword $pfxPassword
            ((Get-AzsBackupVault ./vault -CertificatePath ./keeper.pfx -CertificatePassword $pfxPassword).KeySlots | Where-Object IsUsed).Kind
            $null = New-AzsBackupVault ./another -CertificatePath ./keeper.pfx -CertificatePassword $pfxPassword
            (Get-AzsBackupVault ./another -CertificatePath ./keeper.pfx -CertificatePassword $pfxPassword).Encrypted
            """);
        Assert.Equal(["certificate", true], result.Succeeded());
        Assert.Equal(expired ? 4 : 0, result.Warnings.Count(warning => warning.Contains("expired", StringComparison.Ordinal)));
        _host.Invoke("Get-AzsBackupVault ./another -Password $password").Failed("VaultWrongPassword");
    }

    [Fact]
    public void Certificate_StrangerOrUnreadable_IsRefused()
    {
        Write("stranger.pfx", expired: false);
        _host.Invoke("Get-AzsBackupVault ./vault -CertificatePath ./stranger.pfx -CertificatePassword $pfxPassword").Failed("VaultWrongCertificate");
        _host.Invoke("Get-AzsBackupVault ./vault -CertificatePath ./stranger.pfx -CertificatePassword $second").Failed("CertificateUnreadable");
        _host.Invoke("Get-AzsBackupVault ./vault -CertificatePath ./none.pfx").Failed("CertificateUnreadable");
    }

    [Fact]
    public void RecoveryKey_FromFileAndTyped_OpensTheVault()
    {
        var output = _host.Invoke("""
            (Add-AzsBackupVaultKey -Vault $vault -RecoveryKeyPath ./sheet.txt).Kind
            (Get-AzsBackupVault ./vault -RecoveryKeyPath ./sheet.txt).Encrypted
            """).Succeeded();
        Assert.Equal(["recovery", true], output);
        var key = string.Join(' ', File.ReadAllLines(_scratch.File("sheet.txt")).Where(line => line.Count(c => c == '-') == 6));
        _host.Set("typed", ConnectedStack.Secret(key.ToLowerInvariant())).Set("typo", ConnectedStack.Secret((key[0] == 'A' ? "B" : "A") + key[1..]));
        Assert.Equal([true], _host.Invoke("(Get-AzsBackupVault ./vault -RecoveryKey $typed).Encrypted").Succeeded());
        var error = _host.Invoke("Get-AzsBackupVault ./vault -RecoveryKey $typo").Failed("RecoveryKeyInvalid");
        Assert.Contains("group 1", error.ToString(), StringComparison.Ordinal);
        _host.Invoke("Add-AzsBackupVaultKey -Vault $vault -RecoveryKeyPath ./sheet.txt").Failed("RecoveryKeyFileExists");
    }

    [Fact]
    public void Remove_KeyInUse_NeedsForceAndAnother()
    {
        _host.Invoke("Remove-AzsBackupVaultKey -Vault $vault -Id $vault.KeySlots[0].Id -Confirm:$false").Failed("VaultKeyInUse");
        _host.Invoke("Remove-AzsBackupVaultKey -Vault $vault -Id $vault.KeySlots[0].Id -Force -Confirm:$false").Failed("VaultKeyLast");
        _host.Invoke("""
            $null = Add-AzsBackupVaultKey -Vault $vault -Password $second
            Remove-AzsBackupVaultKey -Vault $vault -Id $vault.KeySlots[0].Id -Force -Confirm:$false
            """).Succeeded();
        _host.Invoke("Get-AzsBackupVault ./vault -Password $password").Failed("VaultWrongPassword");
        _host.Invoke("$null = Get-AzsBackupVault ./vault -Password $second").Succeeded();
    }

    private void Write(string name, bool expired)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Vault keeper", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddYears(-2), expired ? now.AddDays(-1) : now.AddYears(1));
        _scratch.Write(name, certificate.Export(X509ContentType.Pfx, "pfx"));
    }
}
