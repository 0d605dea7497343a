using AzsBackup.Model;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault.Copying;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Stores;
using Xunit;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Copying;

/// <summary>
/// A copy that dies at each of its changes, before or after the change took effect: what is published in the copy restores, the
/// source is untouched, and the next run ends with a copy that is whole.
/// </summary>
public sealed class VaultCopyCrashTests : IDisposable
{
    private static readonly byte[] First = MakeStream([2, 1, 0, 3], 100, seed: 1);
    private static readonly byte[] Second = MakeStream([2, 1, 2, 3], 200, seed: 50);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Copy_DiesAtAnyChangeInMemory_IsResumed(bool takesEffect)
    {
        int deaths = await DieEverywhereAsync(NewMemory, (store, change) => new FailingStore(store, change, takesEffect));
        Assert.True(deaths > 20, $"{deaths}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Copy_DiesAtAnyChangeInAFolder_IsResumed(bool takesEffect)
    {
        int run = 0;
        int deaths = await DieEverywhereAsync(
            () =>
            {
                string path = _folder[$"{run++}"];
                return () => new FolderStore(path);
            },
            (store, change) => new FailingStore(store, change, takesEffect));
        Assert.True(deaths > 20, $"{deaths}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Copy_PowerCutAtAnyChange_IsResumed(int seed)
    {
        int deaths = await DieEverywhereAsync(NewMemory, (store, change) => new PowerCutStore((MemoryStore)store, change, seed * 1000 + change));
        Assert.True(deaths > 20, $"{deaths}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Copy_DiesAtAnyChangeWhileItSparesCondemnedChunks_IsResumed(bool takesEffect)
    {
        for (int change = 1; ; change++)
        {
            var sourceStore = new MemoryStore(location: "source");
            var store = new MemoryStore(location: "destination");
            using var source = await CreateAsync(sourceStore);
            string id = (await BackUpAsync(source, First)).Id;
            await DrainAsync(new VaultCopy(source, store, new()));
            using var copy = await OpenAsync(store);
            await VaultCopyTests.RemoveAsync(store, id);
            await new VaultOptimizer(copy, new OptimizeOptions { EntriesPerList = 2 }).RunAsync(Cancel);
            bool died = await DiesAsync(new VaultCopy(source, new FailingStore(store, change, takesEffect), new()));

            // Whatever is left, optimizing goes on and takes nothing that is needed.
            await new VaultOptimizer(copy, new OptimizeOptions { GracePeriod = TimeSpan.Zero }).RunAsync(Cancel);
            var results = await DrainAsync(new VaultCopy(source, store, new()));
            foreach (var result in results)
                Assert.True(result.Status != PointCopyStatus.Failed, $"Change {change}: {result.Failure?.Message}");
            await new VaultOptimizer(copy, new OptimizeOptions { GracePeriod = TimeSpan.Zero }).RunAsync(Cancel);
            Assert.Equal(First, await RestoreAsync(copy, id));
            if (!died)
            {
                Assert.True(change > 20, $"{change}");
                return;
            }
        }
    }

    private static Func<IObjectStore> NewMemory()
    {
        var store = new MemoryStore(location: "destination");
        return () => store;
    }

    private static async Task<int> DieEverywhereAsync(Func<Func<IObjectStore>> newPlace, Func<IObjectStore, int, IObjectStore> makeMortal)
    {
        var sourceStore = new MemoryStore(location: "source");
        using var source = await CreateAsync(sourceStore);
        using (var further = Passphrase("a second passphrase"))
            await source.AddKeyAsync(further, Cancel);
        var streams = new Dictionary<string, byte[]>
        {
            [(await BackUpAsync(source, First, "/vm/1")).Id] = First,
            [(await BackUpAsync(source, Second, "/vm/2")).Id] = Second,
        };
        var before = sourceStore.Objects.ToDictionary();
        for (int change = 1; ; change++)
        {
            var open = newPlace();
            bool died = await DiesAsync(new VaultCopy(source, makeMortal(open(), change), new VaultCopyOptions { ChunksInFlight = 3 }));
            if (await HasVaultAsync(open()))
            {
                using var half = await OpenAsync(open());
                foreach (var point in await ListAsync(half))
                    Assert.Equal(streams[point.Id], await RestoreAsync(half, point.Id));
            }

            var results = await DrainAsync(new VaultCopy(source, open(), new()));
            Assert.DoesNotContain(results, result => result.Status == PointCopyStatus.Failed);
            using var whole = await OpenAsync(open());
            Assert.Equal(2, (await whole.ListKeysAsync(Cancel)).Count);
            Assert.Equal(streams.Keys.Order(), (await ListAsync(whole)).Select(point => point.Id).Order());
            foreach (var (id, stream) in streams)
                Assert.Equal(stream, await RestoreAsync(whole, id));
            Assert.Equal(before, sourceStore.Objects.ToDictionary());
            if (!died)
                return change;
        }
    }

    private static async Task<bool> HasVaultAsync(IObjectStore store)
    {
        using var description = await store.FindAsync("vault.json", 1 << 16, Cancel);
        return description is not null;
    }

    private static async Task<bool> DiesAsync(VaultCopy copy)
    {
        try
        {
            await DrainAsync(copy);
            return false;
        }
        catch (AzsException exception) when (exception.ErrorId == "TestStoreDied")
        {
            return true;
        }
    }

    private static async Task<List<PointCopy>> DrainAsync(VaultCopy copy)
    {
        var results = new List<PointCopy>();
        await foreach (var result in copy.RunAsync(Cancel))
            results.Add(result);
        return results;
    }
}
