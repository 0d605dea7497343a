using System.Text;
using AzsBackup.Model;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault;
using AzsBackup.Vault.Stores;
using Xunit;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault;

public sealed class BackupVaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryStore _store = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Create_EmptyFolder_OpensWithTheSameInfo(bool encrypted)
    {
        using var store = new FolderStore(_folder["new"]);
        using var made = await CreateAsync(store, encrypted);
        using var opened = await OpenAsync(new FolderStore(_folder["new"]), encrypted);
        Assert.Equal(made.Info, opened.Info);
        Assert.Equal((1, ChunkSize, encrypted, _folder["new"]), (opened.Info.FormatVersion, opened.Info.ChunkSize, opened.Info.Encrypted, opened.Info.Location));
        Assert.Empty(await ListAsync(opened));
    }

    [Fact]
    public async Task Create_VaultThere_IsRefused()
    {
        (await CreateAsync(_store)).Dispose();
        await AssertFailsAsync(AzsErrorKind.AlreadyExists, "VaultExists", () => CreateAsync(_store));
    }

    [Fact]
    public async Task Create_ForeignFiles_IsRefusedAndTouchesNothing()
    {
        await File.WriteAllTextAsync(_folder["Photo 1.JPG"], "x", Cancel);
        using var store = new FolderStore(_folder.Path);
        await AssertFailsAsync(AzsErrorKind.InvalidInput, "VaultFolderNotEmpty", () => CreateAsync(store));
        Assert.Equal([_folder["Photo 1.JPG"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Create_AfterOneThatDiedAtAnyChange_Succeeds()
    {
        for (int change = 1; ; change++)
        {
            var store = new MemoryStore();
            var dying = new FailingStore(store, change);
            try
            {
                (await CreateAsync(dying)).Dispose();
                break;
            }
            catch (AzsException exception) when (exception.ErrorId == "TestStoreDied")
            {
                if (!store.Objects.ContainsKey("vault.json"))
                    (await CreateAsync(store)).Dispose();
                (await OpenAsync(store)).Dispose();
            }
        }
    }

    [Fact]
    public async Task Create_TwoProcessesAtOnce_OneVaultWins()
    {
        using var first = new FolderStore(_folder.Path);
        using var second = new FolderStore(_folder.Path);
        var makers = new[] { first, second }.Select(async store =>
        {
            try
            {
                using var vault = await CreateAsync(store);
                return vault.Info.Id;
            }
            catch (AzsException exception) when (exception.ErrorId is "VaultExists" or "VaultFolderNotEmpty")
            {
                return Guid.Empty;
            }
        });
        var ids = await Task.WhenAll(makers);
        using var opened = await OpenAsync(new FolderStore(_folder.Path));
        Assert.Equal([opened.Info.Id], ids.Where(id => id != Guid.Empty));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(128 << 10)]
    [InlineData((1 << 20) + 1)]
    [InlineData(8 << 20)]
    public async Task Create_BadChunkSize_IsRefused(int chunkSize) =>
        await AssertFailsAsync(AzsErrorKind.InvalidInput, "VaultOptionsInvalid", () =>
            BackupVault.CreateAsync(_store, new VaultOptions { ChunkSize = chunkSize }, null, Runtime, Cancel));

    [Fact]
    public async Task Open_NoVault_IsNotFound() =>
        await AssertFailsAsync(AzsErrorKind.NotFound, "VaultNotFound", () => OpenAsync(_store));

    [Fact]
    public async Task Open_WrongPassphrase_IsRefused()
    {
        (await CreateAsync(_store)).Dispose();
        using var wrong = Passphrase("Correct horse battery staple");
        await AssertFailsAsync(AzsErrorKind.AuthenticationFailed, "VaultWrongPassword", () => BackupVault.OpenAsync(_store, wrong, Runtime, Cancel));
    }

    [Fact]
    public async Task Open_NoPassphrase_SaysThatOneIsNeeded()
    {
        (await CreateAsync(_store)).Dispose();
        await AssertFailsAsync(AzsErrorKind.AuthenticationFailed, "VaultPasswordRequired", () => OpenAsync(_store, encrypted: false));
    }

    [Fact]
    public void Passphrase_Empty_IsRefused() =>
        Assert.Equal("VaultPasswordRequired", Assert.Throws<AzsException>(() => Passphrase("")).ErrorId);

    [Fact]
    public async Task Open_PassphraseForPlainVault_IsRefused()
    {
        (await CreateAsync(_store, encrypted: false)).Dispose();
        await AssertFailsAsync(AzsErrorKind.InvalidInput, "VaultNotEncrypted", () => OpenAsync(_store));
    }

    [Fact]
    public async Task Open_PassphraseComposedDifferently_Opens()
    {
        using (var composed = Passphrase("Bücher und Straßen"))
            (await BackupVault.CreateAsync(_store, new VaultOptions(), composed, Runtime, Cancel)).Dispose();
        using var decomposed = Passphrase("Bu\u0308cher und Straßen");
        (await BackupVault.OpenAsync(_store, decomposed, Runtime, Cancel)).Dispose();
    }

    [Fact]
    public async Task Open_NewerFormat_SaysSoWhateverElseIsInIt()
    {
        (await CreateAsync(_store)).Dispose();
        Rewrite("vault.json", text => text.Replace("\"formatVersion\": 1", "\"formatVersion\": 2, \"novelty\": []", StringComparison.Ordinal));
        await AssertFailsAsync(AzsErrorKind.NotSupported, "VaultFormatTooNew", () => OpenAsync(_store));
    }

    [Fact]
    public async Task Open_VaultJsonCutAnywhere_IsDamage()
    {
        (await CreateAsync(_store)).Dispose();
        byte[] whole = _store.Objects["vault.json"].Content;
        for (int length = 0; length < whole.Length; length += 7)
        {
            _store.Objects["vault.json"] = (whole[..length], default);
            await AssertFailsAsync(AzsErrorKind.DataDamaged, "VaultDamaged", () => OpenAsync(_store));
        }
    }

    [Theory]
    [InlineData("\"chunkSize\": 262144", "\"chunkSize\": 524288")]
    [InlineData("\"createdAt\": \"2", "\"createdAt\": \"1")]
    [InlineData("\"compression\": \"zstd\",", "\"compression\": \"zstd\", \"more\": 1,")]
    [InlineData("\"encryption\": \"AES-256-GCM\"", "\"encryption\": \"ROT13\"")]
    [InlineData("\"chunkSize\": 262144", "\"chunkSize\": 262145")]
    [InlineData("AzsBackup vault", "Other vault")]
    public async Task Open_VaultJsonChanged_IsDamage(string from, string to)
    {
        (await CreateAsync(_store)).Dispose();
        Rewrite("vault.json", text => text.Replace(from, to, StringComparison.Ordinal));
        await AssertFailsAsync(AzsErrorKind.DataDamaged, "VaultDamaged", () => OpenAsync(_store));
    }

    [Fact]
    public async Task Open_VaultJsonOfPlainVaultPutThere_IsRefused()
    {
        (await CreateAsync(_store)).Dispose();
        var plain = new MemoryStore();
        (await CreateAsync(plain, encrypted: false)).Dispose();
        _store.Objects["vault.json"] = plain.Objects["vault.json"];
        await AssertFailsAsync(AzsErrorKind.InvalidInput, "VaultNotEncrypted", () => OpenAsync(_store));
    }

    [Fact]
    public async Task Open_KeySlotsGone_IsDamage()
    {
        (await CreateAsync(_store)).Dispose();
        _store.Objects.TryRemove(_store.Objects.Keys.Single(name => name.StartsWith("keys/", StringComparison.Ordinal)), out _);
        await AssertFailsAsync(AzsErrorKind.DataDamaged, "VaultDamaged", () => OpenAsync(_store));
    }

    [Fact]
    public async Task Open_PlantedSlots_DoNotKeepTheOwnerOut()
    {
        (await CreateAsync(_store)).Dispose();
        string slot = _store.Objects.Keys.Single(name => name.StartsWith("keys/", StringComparison.Ordinal));
        string text = Encoding.UTF8.GetString(_store.Objects[slot].Content);
        string id = new('0', 32);
        foreach (string planted in new[]
        {
            "{", "[]", "null", """{"slotVersion":2}""",
            text.Replace(slot[5..37], id, StringComparison.Ordinal).Replace("\"iterations\": 1", "\"iterations\": 2000000000", StringComparison.Ordinal),
            text.Replace(slot[5..37], id, StringComparison.Ordinal),
            text.Replace("\"nonce\": \"", "\"nonce\": \"AAAA", StringComparison.Ordinal),
        })
        {
            _store.Objects[$"keys/{id}.json"] = (Encoding.UTF8.GetBytes(planted), default);
            (await OpenAsync(_store)).Dispose();
        }
    }

    [Fact]
    public async Task OpenPoint_UnknownId_IsNotFound()
    {
        using var vault = await CreateAsync(_store);
        await AssertFailsAsync(AzsErrorKind.NotFound, "PointNotFound", () => vault.OpenPointAsync(new string('0', 32), Cancel));
        await AssertFailsAsync(AzsErrorKind.NotFound, "PointNotFound", () => vault.OpenPointAsync("../vault.json", Cancel));
    }

    [Fact]
    public async Task ReadDocument_PointRemovedMeanwhile_IsNotFound()
    {
        using var vault = await CreateAsync(_store);
        string id = (await BackUpAsync(vault, MakeStream([1], 0, seed: 1))).Id;
        var point = await vault.OpenPointAsync(id, Cancel);
        foreach (string name in _store.Objects.Keys.Where(name => name.Contains(id, StringComparison.Ordinal)))
            _store.Objects.TryRemove(name, out _);
        await AssertFailsAsync(AzsErrorKind.NotFound, "PointNotFound", () => point.ReadDocumentAsync("config.json", Cancel));
    }

    [Fact]
    public async Task ListPoints_StoppedEarly_EndsQuietly()
    {
        using var vault = await CreateAsync(_store);
        for (int i = 0; i < 12; i++)
            await BackUpAsync(vault, MakeStream([1], 0, seed: 1));
        await foreach (var point in vault.ListPointsAsync(Cancel))
        {
            Assert.Equal(Item, point.Item);
            break;
        }
    }

    private static async Task AssertFailsAsync(AzsErrorKind kind, string errorId, Func<Task> action)
    {
        var failure = await Assert.ThrowsAsync<AzsException>(action);
        Assert.Equal((kind, errorId), (failure.Kind, failure.ErrorId));
        Assert.NotEmpty(failure.NextStep);
    }

    private void Rewrite(string name, Func<string, string> change)
    {
        string before = Encoding.UTF8.GetString(_store.Objects[name].Content);
        string after = change(before);
        Assert.NotEqual(before, after);
        _store.Objects[name] = (Encoding.UTF8.GetBytes(after), default);
    }
}
