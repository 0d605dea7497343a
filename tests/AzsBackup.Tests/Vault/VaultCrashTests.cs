using AzsBackup.Model;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault.Stores;
using Xunit;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault;

/// <summary>A backup that dies at each of its changes, before or after the change took effect: what was published restores, and the next run succeeds.</summary>
public sealed class VaultCrashTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BackUp_DiesAtAnyChangeInMemory_PublishedPointsRestore(bool takesEffect)
    {
        int deaths = await DieEverywhereAsync(() =>
        {
            var store = new MemoryStore();
            return () => store;
        }, takesEffect);
        Assert.True(deaths > 8);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BackUp_DiesAtAnyChangeInAFolder_PublishedPointsRestore(bool takesEffect)
    {
        int run = 0;
        int deaths = await DieEverywhereAsync(() =>
        {
            string path = _folder[$"{run++}"];

            // A new instance each time, as in a new process: what the dead one had not named is lost.
            return () => new FolderStore(path);
        }, takesEffect);
        Assert.True(deaths > 8);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task BackUp_PowerCutAtAnyChange_PublishedPointsRestore(int seed)
    {
        int deaths = await DieEverywhereAsync(
            () =>
            {
                var store = new MemoryStore();
                return () => store;
            },
            (store, change) => new PowerCutStore((MemoryStore)store, change, seed * 1000 + change));
        Assert.True(deaths > 8);
    }

    private static Task<int> DieEverywhereAsync(Func<Func<IObjectStore>> newPlace, bool takesEffect) =>
        DieEverywhereAsync(newPlace, (store, change) => new FailingStore(store, change, takesEffect));

    private static async Task<int> DieEverywhereAsync(Func<Func<IObjectStore>> newPlace, Func<IObjectStore, int, IObjectStore> makeMortal)
    {
        byte[] first = MakeStream([2, 1, 0, 3], 100, seed: 1);
        byte[] second = MakeStream([2, 1, 2, 3], 200, seed: 50);
        int survived = 0;
        for (int change = 1; ; change++)
        {
            var open = newPlace();
            using var vault = await CreateAsync(open());
            string firstId = (await BackUpAsync(vault, first)).Id;
            var dying = makeMortal(open(), change);
            bool died = false;
            string? secondId = null;
            try
            {
                using var dyingVault = await OpenAsync(dying);
                secondId = (await BackUpAsync(dyingVault, second)).Id;
            }
            catch (AzsException exception) when (exception.ErrorId == "TestStoreDied")
            {
                died = true;
            }

            using var healthy = await OpenAsync(open());
            var points = await ListAsync(healthy);
            Assert.Contains(points, point => point.Id == firstId);
            Assert.True(secondId is null || points.Exists(point => point.Id == secondId));
            foreach (var point in points)
                Assert.Equal(point.Id == firstId ? first : second, await RestoreAsync(healthy, point.Id));
            string thirdId = (await BackUpAsync(healthy, second)).Id;
            Assert.Equal(second, await RestoreAsync(healthy, thirdId));
            Assert.Equal(points.Count + 1, (await ListAsync(healthy)).Count);

            // Dying while the session ends is nobody's failure: one more round shows that there was nothing left to die at.
            if (!died && secondId is not null && ++survived == 3)
                return change;
        }
    }
}
