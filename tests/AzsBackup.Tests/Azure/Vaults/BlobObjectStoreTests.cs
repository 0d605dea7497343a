using AzsBackup.Azure.Vaults;
using AzsBackup.Model;
using AzsBackup.Tests.Azure.Fakes;
using AzsBackup.Tests.Emulator.Blobs;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault.Stores;
using Azure.Storage;
using Azure.Storage.Blobs;
using Xunit;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Azure.Vaults;

/// <summary>A vault in a container, against a server.</summary>
public abstract class BlobObjectStoreTests(IBlobServer server) : ObjectStoreContract, IAsyncLifetime
{
    private readonly string _container = $"vault-{Guid.NewGuid():N}";
    private readonly List<BlobObjectStore> _stores = [];

    protected override IObjectStore Store => _stores[0];

    private Uri Container => new(server.Account, _container);

    public async ValueTask InitializeAsync()
    {
        var options = new BlobClientOptions(BlobClientOptions.ServiceVersion.V2019_07_07);
        var key = new StorageSharedKeyCredential(BlobServiceHost.Account, Convert.ToBase64String(server.Key));
        await new BlobContainerClient(Container, key, options).CreateAsync(cancellationToken: Cancel);
        Open("rcld");
    }

    public ValueTask DisposeAsync()
    {
        _stores.ForEach(store => store.Dispose());
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task AccountKey_InsteadOfASas_DoesEverything()
    {
        var store = Open(new BlobContainerAccess
        {
            ContainerUri = Container,
            AccountName = BlobServiceHost.Account,
            AccountKey = Convert.ToBase64String(server.Key),
        });
        Assert.True(await store.TryCreateAsync("a/b", Bytes("content"), Cancel));
        Assert.False(await store.TryCreateAsync("a/b", Bytes("other"), Cancel));
        Assert.Equal("content", await TextAsync(store, "a/b"));
        Assert.Equal(["a/b"], await NamesAsync(""));
        await store.DeleteAsync("a/b", Cancel);
        Assert.Null(await TextAsync(store, "a/b"));
    }

    [Fact]
    public async Task Vault_BackedUpTwice_IsRestoredByAnother()
    {
        byte[] stream = MakeStream([1, 2, 0, 3, 2, 3], lastChunk: 777, seed: 5);
        string first, second;
        using (var vault = await CreateAsync(Store))
        {
            (first, _) = await BackUpAsync(vault, stream);
            stream[3] ^= 1;
            long stored;
            (second, stored) = await BackUpAsync(vault, stream);
            Assert.InRange(stored, 1, ChunkSize + 100);
        }

        using var again = await OpenAsync(OpenAnother());
        Assert.Equal(stream, await RestoreAsync(again, second));
        stream[3] ^= 1;
        Assert.Equal(stream, await RestoreAsync(again, first));
        Assert.DoesNotContain(await NamesAsync(""), name => name.StartsWith("sessions/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CreateOnlySas_Backup_SucceedsAndIsRestored()
    {
        byte[] stream = MakeStream([1, 2, 3], lastChunk: 10, seed: 6);
        var store = Open("rcl");
        using var vault = await CreateAsync(store);
        string id = (await BackUpAsync(vault, stream)).Id;
        Assert.Equal(stream, await RestoreAsync(vault, id));
        Assert.Equal(0, (await BackUpAsync(vault, stream)).BytesStored);
    }

    [Fact]
    public async Task CreateOnlySas_DeleteAndOverwrite_AreImpossible()
    {
        var store = Open("rcl");
        Assert.True(await store.TryCreateAsync("sessions/a", Bytes("content"), Cancel));
        Assert.False(await store.TryCreateAsync("sessions/a", Bytes("other"), Cancel));
        var failure = await Assert.ThrowsAsync<AzsException>(() => store.DeleteAsync("sessions/a", Cancel));
        Assert.Equal((AzsErrorKind.PermissionDenied, "VaultDeletionRefused"), (failure.Kind, failure.ErrorId));
        Assert.Contains("'sessions/a' can't be deleted", failure.Message, StringComparison.Ordinal);
        AssertNoSignature(failure);
        Assert.Equal("content", await TextAsync(store, "sessions/a"));
    }

    [Fact]
    public async Task ReadOnlySas_Creating_IsRefused()
    {
        var store = Open("rl");
        var failure = await Assert.ThrowsAsync<AzsException>(() => store.TryCreateAsync("a", Bytes("content"), Cancel));
        Assert.Equal((AzsErrorKind.PermissionDenied, "VaultAccessRefused"), (failure.Kind, failure.ErrorId));
        AssertNoSignature(failure);
        Assert.Empty(await NamesAsync(""));
    }

    [Fact]
    public async Task ExpiredSas_AnyOperation_IsRefused()
    {
        var store = Open("rcld", expiry: server.Now.AddMinutes(-5));
        Func<Task>[] operations =
        [
            () => store.TryCreateAsync("a", Bytes("x"), Cancel),
            () => store.FindAsync("a", 10, Cancel),
            async () => await store.ListAsync("", Cancel).GetAsyncEnumerator(Cancel).MoveNextAsync(),
        ];
        foreach (var operation in operations)
        {
            var failure = await Assert.ThrowsAsync<AzsException>(operation);
            Assert.Equal((AzsErrorKind.PermissionDenied, "VaultSasExpired"), (failure.Kind, failure.ErrorId));
            AssertNoSignature(failure);
        }
    }

    [Fact]
    public async Task NoSuchContainer_AnyOperation_SaysSo()
    {
        var missing = new Uri(server.Account, "missing");
        var store = Open(new BlobContainerAccess { ContainerUri = new Uri($"{missing}?{SasText.Service(server.Key, "c", "missing", null, "rcld", server.Now.AddHours(1))}") });
        Func<Task>[] operations =
        [
            () => store.TryCreateAsync("a", Bytes("x"), Cancel),
            () => store.FindAsync("a", 10, Cancel),
            () => store.DeleteAsync("a", Cancel),
            async () => await store.ListAsync("", Cancel).GetAsyncEnumerator(Cancel).MoveNextAsync(),
        ];
        foreach (var operation in operations)
            Assert.Equal("VaultContainerNotFound", (await Assert.ThrowsAsync<AzsException>(operation)).ErrorId);
    }

    [Fact]
    public async Task List_MoreThanOnePage_GivesAll()
    {
        string[] names = [.. Enumerable.Range(0, 25).Select(n => $"chunks/00/{n:x4}")];
        foreach (string name in names)
            await Store.TryCreateAsync(name, default, Cancel);
        var store = Open(new BlobContainerAccess { ContainerUri = Signed("rl"), ListPageSize = 4 });
        var listed = new List<string>();
        await foreach (var stored in store.ListAsync("chunks/", Cancel))
            listed.Add(stored.Name);
        Assert.Equal(names, listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Location_OfAContainer_HasNoSas()
    {
        Assert.Equal(Container.AbsoluteUri, Store.Location);
        Assert.DoesNotContain("sig", Store.ToString(), StringComparison.Ordinal);
    }

    protected override IObjectStore OpenAnother() => Open("rcld");

    private static void AssertNoSignature(AzsException failure) => Assert.DoesNotContain("sig=", failure.ToString(), StringComparison.OrdinalIgnoreCase);

    private Uri Signed(string permissions, DateTimeOffset? expiry = null) =>
        new($"{Container}?{SasText.Service(server.Key, "c", _container, null, permissions, expiry ?? server.Now.AddHours(1))}");

    private BlobObjectStore Open(string permissions, DateTimeOffset? expiry = null) =>
        Open(new BlobContainerAccess { ContainerUri = Signed(permissions, expiry) });

    private BlobObjectStore Open(BlobContainerAccess access)
    {
        var store = BlobObjectStore.Open(access, new InstantTimeProvider(), new Random(1));
        _stores.Add(store);
        return store;
    }
}
