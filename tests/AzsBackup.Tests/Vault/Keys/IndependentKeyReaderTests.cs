using System.Security.Cryptography.X509Certificates;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault;
using Xunit;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Keys;

public sealed class IndependentKeyReaderTests
{
    [Fact]
    public async Task Unwrap_SlotsWrittenToday_GivesTheMasterKey()
    {
        using var folder = new TemporaryFolder();
        var store = new MemoryStore();
        using var certificate = TestCertificate.Make();
        using var vault = await CreateAsync(store);
        using var secret = VaultSecret.FromCertificate(certificate);
        string certificateSlot = (await vault.AddKeyAsync(secret, Cancel)).Id;
        string recoverySlot = (await vault.AddRecoveryKeyAsync(folder["sheet"], Cancel)).Id;
        string vaultId = vault.Info.Id.ToString("D");
        byte[] master = vault.Access.Keys.Master.ToArray();
        using var key = certificate.GetRSAPrivateKey()!;
        Assert.Equal(master, IndependentKeyReader.UnwrapWithCertificate(store.Objects[$"keys/{certificateSlot}.json"].Content, vaultId, key));
        Assert.Equal(master, IndependentKeyReader.UnwrapWithRecoveryKey(
            store.Objects[$"keys/{recoverySlot}.json"].Content, vaultId, await File.ReadAllTextAsync(folder["sheet"], Cancel)));
    }
}
