using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using AzsBackup.Model;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault;
using AzsBackup.Vault.Keys;
using Xunit;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Keys;

public sealed class CertificateKeyTests
{
    private readonly MemoryStore _store = new();

    [Theory]
    [InlineData(2048, false)]
    [InlineData(3072, true)]
    public async Task Create_Certificate_OpensWithItEvenIfExpired(int bits, bool expired)
    {
        using var certificate = TestCertificate.Make(bits: bits, expired: expired);
        byte[] stream = MakeStream([1, 2], 5, seed: 1);
        string id;
        using (var secret = VaultSecret.FromCertificate(certificate))
        using (var vault = await BackupVault.CreateAsync(_store, new VaultOptions { ChunkSize = ChunkSize }, secret, Runtime, Cancel))
            id = (await BackUpAsync(vault, stream)).Id;

        using var opened = await OpenAsync(certificate);
        Assert.Equal(stream, await RestoreAsync(opened, id));
        var key = Assert.Single(await opened.ListKeysAsync(Cancel));
        Assert.Equal(("certificate", true), (key.Kind, key.IsUsed));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo())), key.PublicKey, ignoreCase: true);
    }

    [Fact]
    public async Task AddKey_Certificate_OpensBesideThePassphrase()
    {
        using var certificate = TestCertificate.Make();
        using var other = TestCertificate.Make();
        using (var vault = await CreateAsync(_store))
        {
            await AddAsync(vault, certificate);
            await AddAsync(vault, other);
        }

        (await OpenAsync(certificate)).Dispose();
        (await OpenAsync(other)).Dispose();
        (await VaultWorkshop.OpenAsync(_store)).Dispose();
        using var stranger = TestCertificate.Make();
        await AssertFailsAsync("VaultWrongCertificate", () => OpenAsync(stranger));
    }

    [Fact]
    public async Task Open_RenewedCertificateOfTheSameKey_Opens()
    {
        using var key = RSA.Create(2048);
        using var old = TestCertificate.Make(key, "2024", expired: true);
        using var renewed = TestCertificate.Make(key, "2026");
        using (var vault = await CreateAsync(_store))
            await AddAsync(vault, old);
        (await OpenAsync(renewed)).Dispose();
    }

    [Fact]
    public void FromCertificate_NoPrivateRsaKeyOrAShortOne_IsRefused()
    {
        using var certificate = TestCertificate.Make();
        using var publicOnly = X509CertificateLoader.LoadCertificate(certificate.RawData);
        using var weak = TestCertificate.Make(bits: 1024);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var elliptic = new CertificateRequest("CN=curve", curve, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        foreach (var unsuitable in new[] { publicOnly, weak, elliptic })
            Assert.Equal("VaultCertificateUnsuitable", Assert.Throws<AzsException>(() => VaultSecret.FromCertificate(unsuitable)).ErrorId);
    }

    [Fact]
    public async Task Open_SlotForgedWithThePublicKey_IsRefused()
    {
        // Who may write to the store and knows the certificate makes a vault of the same id under a master key of his own, and
        // a slot for it that the certificate's owner could decrypt.
        using var certificate = TestCertificate.Make();
        using (var vault = await CreateAsync(_store))
            await AddAsync(vault, certificate);
        string name = _store.Objects.Keys.Single(key => key.StartsWith("keys/", StringComparison.Ordinal) && Text(key).Contains("certificate", StringComparison.Ordinal));
        var real = (CertificateSlot)KeySlot.Read(_store.Objects[name].Content)!;
        var id = Guid.Parse((string)JsonNode.Parse(Text("vault.json"))!["id"]!);
        byte[] wrappingKey = new byte[32];
        byte[] masterKey = [.. Enumerable.Repeat((byte)7, 32)];
        using var publicKey = certificate.GetRSAPublicKey()!;
        using var attackers = RSA.Create(2048);
        var forged = real with { EncryptedKey = publicKey.Encrypt(wrappingKey, RSAEncryptionPadding.OaepSHA256), Wrapped = new byte[48] };
        forged.Wrap(wrappingKey, masterKey, id);
        foreach (byte[] signature in new[] { real.Signature, attackers.SignData(forged.SignedLines(id), HashAlgorithmName.SHA256, RSASignaturePadding.Pss) })
        {
            _store.Objects[name] = ((forged with { Signature = signature }).Write(), default);
            await AssertFailsAsync("VaultWrongCertificate", () => OpenAsync(certificate));
        }
    }

    private static async Task AssertFailsAsync(string errorId, Func<Task> action) =>
        Assert.Equal(errorId, (await Assert.ThrowsAsync<AzsException>(action)).ErrorId);

    private static async Task AddAsync(BackupVault vault, X509Certificate2 certificate)
    {
        using var secret = VaultSecret.FromCertificate(certificate);
        await vault.AddKeyAsync(secret, Cancel);
    }

    private async Task<BackupVault> OpenAsync(X509Certificate2 certificate)
    {
        using var secret = VaultSecret.FromCertificate(certificate);
        return await BackupVault.OpenAsync(_store, secret, Runtime, Cancel);
    }

    private string Text(string name) => Encoding.UTF8.GetString(_store.Objects[name].Content);
}
