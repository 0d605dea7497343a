using AzsBackup.Model;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault;
using AzsBackup.Vault.Stores;
using Xunit;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault;

public sealed class VaultKeyTests
{
    private const string Second = "a second passphrase, from another person";

    private readonly MemoryStore _store = new();

    [Fact]
    public async Task AddKey_SecondPassphrase_BothOpenAndNoDataIsRewritten()
    {
        byte[] stream = MakeStream([1, 2], 5, seed: 1);
        using var vault = await CreateAsync(_store);
        string id = (await BackUpAsync(vault, stream)).Id;
        var before = _store.Objects.ToDictionary();
        var added = await AddAsync(vault, Second);
        Assert.Equal([$"keys/{added.Id}.json"], _store.Objects.Keys.Except(before.Keys));
        Assert.All(before, stored => Assert.Equal(stored.Value, _store.Objects[stored.Key]));

        using var second = await OpenWithAsync(Second);
        Assert.Equal(stream, await RestoreAsync(second, id));
        using var first = await OpenAsync(_store);
        Assert.Equal(stream, await RestoreAsync(first, id));
        Assert.Equal([false, true], (await first.ListKeysAsync(Cancel)).Select(key => key.Id == added.Id));
        Assert.Equal([true, false], (await first.ListKeysAsync(Cancel)).Select(key => key.IsUsed));
        Assert.Equal([false, true], (await second.ListKeysAsync(Cancel)).Select(key => key.IsUsed));
    }

    [Fact]
    public async Task RemoveKey_OldPassphrase_OpensNoMore()
    {
        using var vault = await CreateAsync(_store);
        string old = Assert.Single(await vault.ListKeysAsync(Cancel)).Id;
        await AddAsync(vault, Second);
        using (var second = await OpenWithAsync(Second))
            await second.RemoveKeyAsync(old, force: false, Cancel);
        await AssertFailsAsync("VaultWrongPassword", () => OpenAsync(_store));
        using var again = await OpenWithAsync(Second);
        Assert.True(Assert.Single(await again.ListKeysAsync(Cancel)).IsUsed);
    }

    [Fact]
    public async Task RemoveKey_TheOneThatOpened_IsRefused()
    {
        using var vault = await CreateAsync(_store);
        await AddAsync(vault, Second);
        string used = (await vault.ListKeysAsync(Cancel)).Single(key => key.IsUsed).Id;
        await AssertFailsAsync("VaultKeyInUse", () => vault.RemoveKeyAsync(used, force: false, Cancel));
        Assert.Equal(2, (await vault.ListKeysAsync(Cancel)).Count);
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("../vault")]
    [InlineData("")]
    public async Task RemoveKey_NoSuchKey_IsToldSo(string id)
    {
        using var vault = await CreateAsync(_store);
        await AssertFailsAsync("VaultKeyNotFound", () => vault.RemoveKeyAsync(id, force: false, Cancel));
    }

    [Fact]
    public async Task RemoveKey_OthersRemoveTheirsAtOnce_LeavesOne()
    {
        using var vault = await CreateAsync(_store);
        string first = Assert.Single(await vault.ListKeysAsync(Cancel)).Id;
        var added = await AddAsync(vault, Second);

        // Between the listing and the deletion by one, the other has removed the first one's slot.
        using var secret = Passphrase(Second);
        using var second = await BackupVault.OpenAsync(new OnDeleteStore(_store, () => _store.Objects.TryRemove($"keys/{added.Id}.json", out _)), secret, Runtime, Cancel);
        await AssertFailsAsync("VaultKeyGone", () => second.RemoveKeyAsync(first, force: false, Cancel));
        (await OpenAsync(_store)).Dispose();
    }

    [Fact]
    public async Task Keys_VaultWithoutEncryption_HasNone()
    {
        using var vault = await CreateAsync(_store, encrypted: false);
        Assert.Empty(await vault.ListKeysAsync(Cancel));
        await AssertFailsAsync("VaultHasNoKeys", () => AddAsync(vault, Second));
        await AssertFailsAsync("VaultHasNoKeys", () => vault.RemoveKeyAsync("x", force: false, Cancel));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task ChangeOfKeys_StoreDiesAtAnyChange_OneOfThemOpens(bool inFolder, bool takesEffect)
    {
        using var folder = new TemporaryFolder();
        using var certificate = Keys.TestCertificate.Make();
        for (int change = 1; ; change++)
        {
            var memory = new MemoryStore();
            string path = folder[$"{change}"];
            Func<IObjectStore> open = inFolder ? () => new FolderStore(path) : () => memory;
            (await CreateAsync(open())).Dispose();
            bool died = await ChangeAsync(new FailingStore(open(), change, takesEffect), certificate);

            int opened = 0;
            foreach (var secret in new[] { Passphrase(), Passphrase(Second), VaultSecret.FromCertificate(certificate) })
                opened += await OpensAsync(open(), secret) ? 1 : 0;
            Assert.InRange(opened, 1, 3);

            // The next run succeeds with whichever opens.
            if (await OpensAsync(open(), Passphrase()))
                Assert.False(await ChangeAsync(open(), certificate));
            Assert.True(await OpensAsync(open(), Passphrase(Second)));
            if (!died)
            {
                Assert.True(change > 5, $"{change}");
                return;
            }
        }
    }

    /// <summary>A second passphrase and a certificate are added; the vault is opened with the second, and the first removed.</summary>
    private static async Task<bool> ChangeAsync(IObjectStore store, System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)
    {
        try
        {
            using var first = await OpenAsync(store);
            string old = (await first.ListKeysAsync(Cancel)).Single(key => key.IsUsed).Id;
            await AddAsync(first, Second);
            using var keeper = VaultSecret.FromCertificate(certificate);
            await first.AddKeyAsync(keeper, Cancel);
            using var secret = Passphrase(Second);
            using var second = await BackupVault.OpenAsync(store, secret, Runtime, Cancel);
            await second.RemoveKeyAsync(old, force: false, Cancel);
            return false;
        }
        catch (AzsException exception) when (exception.ErrorId == "TestStoreDied")
        {
            return true;
        }
    }

    private static async Task<bool> OpensAsync(IObjectStore store, VaultSecret secret)
    {
        using (secret)
        {
            try
            {
                (await BackupVault.OpenAsync(store, secret, Runtime, Cancel)).Dispose();
                return true;
            }
            catch (AzsException exception) when (exception.ErrorId is "VaultWrongPassword" or "VaultWrongCertificate")
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task RemoveKey_TheOneThatOpenedByForce_NeedsAnother()
    {
        using var vault = await CreateAsync(_store);
        string used = Assert.Single(await vault.ListKeysAsync(Cancel)).Id;
        await AssertFailsAsync("VaultKeyLast", () => vault.RemoveKeyAsync(used, force: true, Cancel));
        await AddAsync(vault, Second);
        await vault.RemoveKeyAsync(used, force: true, Cancel);
        await AssertFailsAsync("VaultWrongPassword", () => OpenAsync(_store));
        (await OpenWithAsync(Second)).Dispose();
    }

    [Fact]
    public async Task RemoveKey_OpenersKeyIsGone_IsRefusedBeforeAnythingIsDeleted()
    {
        using var vault = await CreateAsync(_store);
        string first = Assert.Single(await vault.ListKeysAsync(Cancel)).Id;
        var second = await AddAsync(vault, Second);
        await AddAsync(vault, "a third one, that everybody has forgotten");
        using (var other = await OpenWithAsync(Second))
            await other.RemoveKeyAsync(first, force: false, Cancel);
        await AssertFailsAsync("VaultKeyGone", () => vault.RemoveKeyAsync(second.Id, force: false, Cancel));
        (await OpenWithAsync(Second)).Dispose();
    }

    [Fact]
    public async Task Open_ManyPlantedSlots_TriesTheOldestFirst()
    {
        var time = new Maintenance.MovableTime();
        var store = new MemoryStore(time);
        (await CreateAsync(store)).Dispose();
        var (name, stored) = store.Objects.Single(stored => stored.Key.StartsWith("keys/", StringComparison.Ordinal));
        for (int i = 0; i < 100; i++)
        {
            string id = $"{i:x32}";
            string planted = System.Text.Encoding.UTF8.GetString(stored.Content).Replace(name[5..37], id, StringComparison.Ordinal);
            store.Objects[$"keys/{id}.json"] = (System.Text.Encoding.UTF8.GetBytes(planted), stored.CreatedAt.AddSeconds(1));
        }

        (await OpenAsync(store)).Dispose();
    }

    private static async Task AssertFailsAsync(string errorId, Func<Task> action) =>
        Assert.Equal(errorId, (await Assert.ThrowsAsync<AzsException>(action)).ErrorId);

    private static async Task<VaultKey> AddAsync(BackupVault vault, string passphrase)
    {
        using var secret = Passphrase(passphrase);
        return await vault.AddKeyAsync(secret, Cancel);
    }

    private async Task<BackupVault> OpenWithAsync(string passphrase)
    {
        using var secret = Passphrase(passphrase);
        return await BackupVault.OpenAsync(_store, secret, Runtime, Cancel);
    }

    private sealed class OnDeleteStore(MemoryStore inner, Action act) : IObjectStore
    {
        public string Location => inner.Location;

        public Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
            inner.TryCreateAsync(name, content, cancellationToken);

        public Task<PooledBuffer?> FindAsync(string name, int maximumLength, CancellationToken cancellationToken) =>
            inner.FindAsync(name, maximumLength, cancellationToken);

        public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

        public Task DeleteAsync(string name, CancellationToken cancellationToken)
        {
            act();
            return inner.DeleteAsync(name, cancellationToken);
        }

        public Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
    }
}
