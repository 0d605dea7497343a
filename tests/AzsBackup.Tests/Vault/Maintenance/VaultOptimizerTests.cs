using AzsBackup.Model;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault;
using AzsBackup.Vault.Maintenance;
using Xunit;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Maintenance;

public sealed class VaultOptimizerTests
{
    private static readonly OptimizeOptions Impatient = new() { GracePeriod = TimeSpan.Zero };

    private readonly MovableTime _time = new();
    private readonly MemoryStore _store;

    public VaultOptimizerTests() => _store = new MemoryStore(_time);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_PointRemoved_FreesItsOwnChunksAfterTheGracePeriod(bool encrypted)
    {
        using var vault = await CreateAsync(_store, encrypted);
        byte[] kept = MakeStream([3, 2], 100, seed: 1);
        string keptId = (await BackUpAsync(vault, kept)).Id;
        RemovePoint(_store, (await BackUpAsync(vault, MakeStream([3, 2, 2], 100, seed: 50))).Id);
        _time.Pass(TimeSpan.FromMinutes(1));
        var optimizer = new VaultOptimizer(vault, new OptimizeOptions());
        long before = ChunkBytes();

        var plan = await optimizer.PlanAsync(Cancel);
        Assert.Equal((3, 0), (plan.ChunksToCondemn, plan.ChunksCondemned));
        var first = await optimizer.RunAsync(Cancel);
        Assert.Equal((3, plan.BytesToCondemn, 0), (first.ChunksCondemned, first.BytesCondemned, first.ChunksDeleted));
        Assert.Equal((0, 3), (await optimizer.PlanAsync(Cancel)) is var later ? (later.ChunksToCondemn, later.ChunksCondemned) : default);
        _time.Pass(TimeSpan.FromDays(2));
        Assert.Equal((0, 1), (await optimizer.RunAsync(Cancel)) is var second ? (second.ChunksDeleted, second.ListsWaiting) : default);
        _time.Pass(TimeSpan.FromDays(2));
        var third = await optimizer.RunAsync(Cancel);
        Assert.Equal((3, plan.BytesToCondemn, 0), (third.ChunksDeleted, third.BytesFreed, third.ListsWaiting));
        Assert.Equal(before - plan.BytesToCondemn, ChunkBytes());
        Assert.Equal(kept, await RestoreAsync(vault, keptId));
        Assert.DoesNotContain(_store.Objects.Keys, name => name.StartsWith("condemned/", StringComparison.Ordinal) || name.StartsWith("jobs/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_AnyVault_ChangesNothing()
    {
        using var vault = await CreateAsync(_store);
        RemovePoint(_store, (await BackUpAsync(vault, MakeStream([2], 0, seed: 1))).Id);
        string[] before = [.. _store.Objects.Keys];
        await new VaultOptimizer(vault, Impatient).PlanAsync(Cancel);
        Assert.Equal(before, _store.Objects.Keys);
    }

    [Fact]
    public async Task BackUp_ChunkIsCondemned_StoresItsNextGeneration()
    {
        using var vault = await CreateAsync(_store);
        byte[] stream = MakeStream([2], 0, seed: 1);
        await CondemnAsync(vault, stream);
        string id = (await BackUpAsync(vault, stream)).Id;
        Assert.Equal(1, (await vault.OpenPointAsync(id, Cancel)).Streams[0].Find(0).Generation);
        _time.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(1, (await new VaultOptimizer(vault, Impatient).RunAsync(Cancel)).ChunksDeleted);
        Assert.Equal(stream, await RestoreAsync(vault, id));
    }

    [Fact]
    public async Task Publish_ChunkCondemnedMeanwhile_IsStoredAgainFromTheOldObject()
    {
        using var vault = await CreateAsync(_store);
        byte[] stream = MakeStream([2], 0, seed: 1);
        RemovePoint(_store, (await BackUpAsync(vault, stream)).Id);
        _time.Pass(TimeSpan.FromMinutes(1));
        string id;
        await using (var session = await vault.BeginSessionAsync("test", Cancel))
        {
            var (draft, _) = await PutAsync(session, "disk-0", stream);
            _time.Pass(TimeSpan.FromMinutes(1));
            Assert.Equal(1, (await new VaultOptimizer(vault, Impatient).RunAsync(Cancel)).ChunksCondemned);

            // The session began before the list: however often somebody sweeps, the list waits for it.
            Assert.Equal((0, 1), (await new VaultOptimizer(vault, Impatient).RunAsync(Cancel)) is var result ? (result.ChunksDeleted, result.ListsWaiting) : default);
            id = await session.PublishAsync(Draft(draft), Cancel);
        }

        Assert.Equal(1, (await vault.OpenPointAsync(id, Cancel)).Streams[0].Find(0).Generation);
        _time.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(1, (await new VaultOptimizer(vault, Impatient).RunAsync(Cancel)).ChunksDeleted);
    }

    [Fact]
    public async Task Publish_SessionTakenForDead_FailsAndPublishesNothing()
    {
        using var vault = await CreateAsync(_store);
        await using var session = await vault.BeginSessionAsync("test", Cancel);
        var (draft, _) = await PutAsync(session, "disk-0", MakeStream([2], 0, seed: 1));
        _time.Pass(TimeSpan.FromHours(23));
        await session.Heartbeat.BeatAsync();
        _time.Pass(TimeSpan.FromHours(23));
        Assert.Equal(0, (await new VaultOptimizer(vault, new OptimizeOptions()).RunAsync(Cancel)).SessionsEnded);
        _time.Pass(TimeSpan.FromHours(2));
        Assert.Equal(1, (await new VaultOptimizer(vault, new OptimizeOptions()).RunAsync(Cancel)).SessionsEnded);
        Assert.Equal("SessionEnded", (await Assert.ThrowsAsync<AzsException>(() => session.PublishAsync(Draft(draft), Cancel))).ErrorId);
        Assert.Empty(await ListAsync(vault));
    }

    [Fact]
    public async Task Run_IndexOfAPointDamaged_DeletesNothing()
    {
        using var vault = await CreateAsync(_store);
        await CondemnAsync(vault, MakeStream([2], 0, seed: 1));
        await BackUpAsync(vault, MakeStream([2], 0, seed: 9));
        string page = _store.Objects.Keys.Single(name => name.EndsWith(".index", StringComparison.Ordinal));
        _store.Objects[page].Content[30] ^= 1;
        long before = ChunkBytes();
        _time.Pass(TimeSpan.FromDays(9));
        Assert.Equal("PointDamaged", (await Assert.ThrowsAsync<AzsException>(() => new VaultOptimizer(vault, Impatient).RunAsync(Cancel))).ErrorId);
        Assert.Equal(before, ChunkBytes());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_DiesAtAnyChange_PointsRestoreAndTheNextRunsFinish(bool takesEffect)
    {
        byte[] kept = MakeStream([3, 2], 100, seed: 1);
        int deaths = 0;
        for (int round = 0; round < 2; round++)
        {
            for (int change = 1; ; change++)
            {
                var store = new MemoryStore(_time);
                using var vault = await CreateAsync(store, encrypted: false);
                string keptId = (await BackUpAsync(vault, kept)).Id;
                RemovePoint(store, (await BackUpAsync(vault, MakeStream([3, 2, 2], 100, seed: 50))).Id);
                await OptimizeAsync(vault, round);
                var dying = new FailingStore(store, change, takesEffect);
                using var dyingVault = await OpenAsync(dying, encrypted: false);
                bool died = false;
                try
                {
                    await OptimizeAsync(dyingVault, 1);
                }
                catch (AzsException exception) when (exception.ErrorId == "TestStoreDied")
                {
                    died = true;
                    deaths++;
                }

                Assert.Equal(kept, await RestoreAsync(vault, keptId));
                string again = (await BackUpAsync(vault, MakeStream([3, 2, 2], 100, seed: 50))).Id;
                await OptimizeAsync(vault, 3);
                Assert.Equal(kept, await RestoreAsync(vault, keptId));
                Assert.Equal(MakeStream([3, 2, 2], 100, seed: 50), await RestoreAsync(vault, again));
                Assert.Equal(6, store.Objects.Keys.Count(name => name.StartsWith("chunks/", StringComparison.Ordinal)));
                if (!died)
                    break;
            }
        }

        Assert.True(deaths > 15);

        async Task OptimizeAsync(BackupVault vault, int times)
        {
            for (int i = 0; i < times; i++)
            {
                _time.Pass(TimeSpan.FromMinutes(1));
                await new VaultOptimizer(vault, Impatient).RunAsync(Cancel);
            }
        }
    }

    private static PointDraft Draft(StreamDraft stream) => new()
    {
        Source = Source,
        Item = Item,
        CreatedAt = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        Details = Details(new { }),
        Streams = [stream],
    };

    private static void RemovePoint(MemoryStore store, string id)
    {
        foreach (string name in store.Objects.Keys.Where(name => name.Contains(id, StringComparison.Ordinal)))
            store.Objects.TryRemove(name, out _);
    }

    private async Task CondemnAsync(BackupVault vault, byte[] stream)
    {
        RemovePoint(_store, (await BackUpAsync(vault, stream)).Id);
        _time.Pass(TimeSpan.FromMinutes(1));
        Assert.True((await new VaultOptimizer(vault, Impatient).RunAsync(Cancel)).ChunksCondemned > 0);
        _time.Pass(TimeSpan.FromMinutes(1));
    }

    private long ChunkBytes() =>
        _store.Objects.Where(stored => stored.Key.StartsWith("chunks/", StringComparison.Ordinal)).Sum(stored => (long)stored.Value.Content.Length);
}
