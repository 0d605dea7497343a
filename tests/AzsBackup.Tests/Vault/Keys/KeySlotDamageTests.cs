using System.Security.Cryptography.X509Certificates;
using System.Text;
using AzsBackup.Model;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault;
using AzsBackup.Vault.Keys;
using Xunit;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Keys;

/// <summary>
/// Key slots of every kind, damaged in every way: the secret opens the very vault, or is refused with a clear error; the other
/// slots go on opening it; nothing hangs.
/// </summary>
public sealed class KeySlotDamageTests : IDisposable
{
    private static readonly string[] Refusals = ["VaultWrongPassword", "VaultWrongCertificate", "VaultWrongRecoveryKey"];

    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _certificate = TestCertificate.Make();
    private readonly MemoryStore _store = new();

    public void Dispose()
    {
        _certificate.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("passphrase")]
    [InlineData("certificate")]
    [InlineData("recovery")]
    public async Task Open_DamagedSlot_RefusesOrOpensAndLeavesTheOthers(string kind)
    {
        var secrets = await FillAsync(_store, "sheet.txt");
        string name = SlotName(_store, kind);
        var whole = _store.Objects[name];
        var twin = new MemoryStore();
        foreach (var secret in (await FillAsync(twin, "twin.txt")).Values)
            secret.Dispose();
        var damages = new List<byte[]?> { null, Array.Empty<byte>(), (byte[])[.. whole.Content, (byte)'x'], twin.Objects[SlotName(twin, kind)].Content };
        damages.AddRange(_store.Objects.Where(other => other.Key.StartsWith("keys/", StringComparison.Ordinal) && other.Key != name).Select(other => other.Value.Content));
        damages.AddRange(Enumerable.Range(0, whole.Content.Length / 7).Select(i => whole.Content[..(i * 7)]));
        for (int i = 0; i < whole.Content.Length; i++)
        {
            byte[] flipped = [.. whole.Content];
            flipped[i] ^= (byte)(1 << i % 7);
            damages.Add(flipped);
        }

        int refused = 0;
        foreach (byte[]? damaged in damages)
        {
            if (damaged is null)
                _store.Objects.TryRemove(name, out _);
            else
                _store.Objects[name] = (damaged, whole.CreatedAt);
            refused += await OpensAsync(secrets[kind]) ? 0 : 1;
        }

        // Only a change of white space is none.
        Assert.InRange(refused, damages.Count - whole.Content.Count(value => value is (byte)' ' or (byte)'\n' or (byte)'\r'), damages.Count);
        _store.Objects[name] = ("{}"u8.ToArray(), whole.CreatedAt);
        foreach (var (other, secret) in secrets)
            Assert.Equal(other != kind, await OpensAsync(secret));
        foreach (var secret in secrets.Values)
            secret.Dispose();
    }

    [Fact]
    public async Task Open_OnlySlotUnreadable_IsDamage()
    {
        (await CreateAsync(_store)).Dispose();
        _store.Objects[SlotName(_store, "passphrase")] = ([1, 2, 3], default);
        Assert.Equal("VaultDamaged", (await Assert.ThrowsAsync<AzsException>(() => OpenAsync(_store))).ErrorId);
    }

    [Theory]
    [InlineData("\"iterations\": 1,", "\"iterations\": 2000000000,")]
    [InlineData("\"iterations\": 1,", "\"iterations\": 10000001,")]
    [InlineData("\"iterations\": 1,", "\"iterations\": 0,")]
    [InlineData("\"iterations\": 1,", "\"iterations\": -1,")]
    [InlineData("\"iterations\": 1,", "\"iterations\": 99999999999999999999,")]
    [InlineData("PBKDF2-HMAC-SHA512", "PBKDF2-HMAC-MD5")]
    [InlineData("\"slotVersion\": 1", "\"slotVersion\": 2")]
    [InlineData("\"kind\": \"passphrase\"", "\"kind\": \"passphrase\", \"memory\": 1099511627776")]
    [InlineData("\"kind\": \"passphrase\"", "\"kind\": \"recovery\"")]
    public async Task Open_HostileParameters_AreNotTried(string from, string to)
    {
        (await CreateAsync(_store)).Dispose();
        string name = SlotName(_store, "passphrase");
        string text = Encoding.UTF8.GetString(_store.Objects[name].Content);
        Assert.Contains(from, text, StringComparison.Ordinal);
        _store.Objects[name] = (Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)), default);
        Assert.Contains((await Assert.ThrowsAsync<AzsException>(() => OpenAsync(_store))).ErrorId, (string[])[.. Refusals, "VaultDamaged"]);
    }

    [Fact]
    public async Task Open_SlotOfAnotherVaultWithTheSameSecret_IsRefused()
    {
        var other = new MemoryStore();
        (await CreateAsync(_store)).Dispose();
        (await CreateAsync(other)).Dispose();
        _store.Objects.TryRemove(SlotName(_store, "passphrase"), out _);
        string name = SlotName(other, "passphrase");
        _store.Objects[name] = other.Objects[name];
        Assert.Equal("VaultWrongPassword", (await Assert.ThrowsAsync<AzsException>(() => OpenAsync(_store))).ErrorId);
    }

    [Fact]
    public async Task Open_VaultJsonOfAnotherVault_IsRefusedWhateverItsSlots()
    {
        var other = new MemoryStore();
        string pointId;
        using (var vault = await CreateAsync(_store))
            pointId = (await BackUpAsync(vault, MakeStream([2], 5, seed: 1))).Id;
        (await CreateAsync(other)).Dispose();
        _store.Objects["vault.json"] = other.Objects["vault.json"];
        Assert.Equal("VaultWrongPassword", (await Assert.ThrowsAsync<AzsException>(() => OpenAsync(_store))).ErrorId);

        // With its slots it is the other vault, and nothing of this one opens.
        _store.Objects[SlotName(other, "passphrase")] = other.Objects[SlotName(other, "passphrase")];
        using var exchanged = await OpenAsync(_store);
        Assert.Equal("PointDamaged", (await Assert.ThrowsAsync<AzsException>(() => exchanged.OpenPointAsync(pointId, Cancel))).ErrorId);
    }

    [Fact]
    public void Read_ArbitraryBytes_IsNoSlotAndNoCrash()
    {
        var random = new Random(20261122);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            Assert.Null(KeySlot.Read(bytes));
        }
    }

    private static string SlotName(MemoryStore store, string kind) => store.Objects.Single(stored =>
        stored.Key.StartsWith("keys/", StringComparison.Ordinal)
        && Encoding.UTF8.GetString(stored.Value.Content).Contains($"\"kind\": \"{kind}\"", StringComparison.Ordinal)).Key;

    private async Task<Dictionary<string, VaultSecret>> FillAsync(MemoryStore store, string sheet)
    {
        using var vault = await CreateAsync(store);
        var certificate = VaultSecret.FromCertificate(_certificate);
        await vault.AddKeyAsync(certificate, Cancel);
        await vault.AddRecoveryKeyAsync(_folder[sheet], Cancel);
        return new Dictionary<string, VaultSecret>
        {
            ["passphrase"] = Passphrase(),
            ["certificate"] = certificate,
            ["recovery"] = await VaultSecret.FromRecoveryKeyFileAsync(_folder[sheet], Cancel),
        };
    }

    private async Task<bool> OpensAsync(VaultSecret secret)
    {
        try
        {
            (await BackupVault.OpenAsync(_store, secret, Runtime, Cancel)).Dispose();
            return true;
        }
        catch (AzsException exception)
        {
            Assert.Contains(exception.ErrorId, Refusals);
            return false;
        }
    }
}
