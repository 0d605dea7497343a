using AzsBackup.Model;
using AzsBackup.Tests.Vault.Maintenance;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault;
using AzsBackup.Vault.Copying;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Maintenance;
using Xunit;

namespace AzsBackup.Tests.Vault.Copying;

/// <summary>
/// Copies into a vault that others write to, remove points from and optimize, all interleaved by lot; they die anywhere, sleep
/// for long, and the store's clock jumps by years. No published point, copied or not, may ever lack a chunk or a page. Copied
/// points are not removed: that is the one interleaving the format does not cover (FORMAT.md §9).
/// </summary>
public sealed class CopyConcurrencyModelTests(ITestOutputHelper output)
{
    private const int Contents = 200;
    private const int Steps = 60_000;
    private const int StepsPerWorld = 10_000;

    private static readonly string[] Waiting = ["CopyPointGivenUp", "CopyChunkCondemned", "CopyPointVanished"];

    private int _copied;
    private int _ended;
    private int _deleted;
    private int _waited;

    [Fact]
    public async Task AnyInterleaving_PublishedPoints_KeepEveryChunk()
    {
        await Task.Run(
            () =>
            {
                for (int seed = 1, steps = 0; steps < Steps; seed++)
                    steps += RunWorld(seed);
            },
            TestContext.Current.CancellationToken);
        output.WriteLine($"{_copied} points copied, {_waited} put off, {_ended} lists ended without sweeping, {_deleted} chunks swept");
        Assert.True(_copied > 100 && _ended > 10 && _deleted > 20, $"{_copied} copied, {_ended} ended, {_deleted} swept");
    }

    private int RunWorld(int seed)
    {
        output.WriteLine($"Seed {seed}");
        var frozen = MakeSourceAsync(seed).GetAwaiter().GetResult();
        using var source = BackupVault.OpenAsync(new FrozenStore(frozen), null, Runtime(seed), default).GetAwaiter().GetResult();
        var copies = frozen.Objects.Keys.Where(name => name.EndsWith("point.json", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        using var world = new ModelWorld(seed) { Hostile = false };
        var actors = new List<(ModelStore Store, Task Task)>();
        Start(store => CopyAsync(store, source, world, seed, _ => false));
        Drain();
        world.Hostile = true;
        for (int next = seed * 100_000; world.Steps < StepsPerWorld;)
        {
            actors.RemoveAll(actor => Finished(actor.Store, actor.Task));
            while (actors.Count < 6)
                StartAny(next++);
            world.Step();
        }

        world.Hostile = false;
        Drain();
        Assert.All(world.Published.Where(copies.Contains), name => Assert.Equal(frozen.Objects[name].Content, world.Objects[name].Content));
        _deleted += world.ChunksDeleted;
        return world.Steps;

        void Start(Func<ModelStore, Task> act)
        {
            var store = new ModelStore(world);
            actors.Add((store, act(store)));
        }

        void StartAny(int number)
        {
            int kind = world.Random.Next(10);
            if (kind < 3)
                Start(store => CopyAsync(store, source, world, number, _ => world.Chance(60)));
            else if (kind < 5)
                Start(store => WriteAsync(store, world, number));
            else if (kind < 7)
                Start(store => RemoveAsync(store, world, copies));
            else
                Start(store => OptimizeAsync(store, world, number));
        }

        void Drain()
        {
            while (!world.Idle)
                world.Step();
            Assert.All(actors, actor => Assert.True(Finished(actor.Store, actor.Task)));
            actors.Clear();
        }
    }

    private static bool Finished(ModelStore store, Task task)
    {
        if (task.IsFaulted)
            task.GetAwaiter().GetResult();
        return store.Dead || task.IsCompleted;
    }

    /// <summary>A vault of many small points; some chunks exist in generation 1 only.</summary>
    private static async Task<MemoryStore> MakeSourceAsync(int seed)
    {
        var store = new MemoryStore();
        using var vault = await BackupVault.CreateAsync(store, new VaultOptions { ChunkSize = VaultWorkshop.ChunkSize }, null, Runtime(seed), default);
        for (int i = 0; i < Contents; i += 5)
        {
            string name = ObjectNames.Chunk(vault.Access.Keys.NameChunk(Content(i)), generation: 1);
            using var content = vault.Access.Sealer.Seal(ObjectRole.Chunk, name, Content(i));
            await store.TryCreateAsync(name, content.Memory, default);
        }

        await using var session = await vault.BeginSessionAsync("model", default);
        var random = new Random(seed);
        for (int point = 0; point < 150; point++)
            await PublishAsync(session, $"source {point % 7}", [random.Next(Contents), random.Next(Contents)]);
        return store;
    }

    private static byte[] Content(int number) => [1, 2, 3, (byte)number];

    private static async Task PublishAsync(VaultSession session, string item, int[] contents)
    {
        var streams = new List<StreamDraft>();
        foreach (int content in contents)
            streams.Add(new StreamDraft { Name = $"{streams.Count}", Length = 4, Chunks = [new(0, await session.PutChunkAsync(Content(content), default))] });
        await session.PublishAsync(
            new PointDraft { Source = "s", Item = item, CreatedAt = default(DateTime).ToUniversalTime(), Details = VaultWorkshop.Details(new { }), Streams = streams },
            default);
    }

    private static async Task WriteAsync(ModelStore store, ModelWorld world, int number)
    {
        using var vault = await BackupVault.OpenAsync(store, null, Runtime(number), default);
        var session = await vault.BeginSessionAsync("model", default);
        try
        {
            await PublishAsync(session, $"{number % 3}", [world.Random.Next(Contents), world.Random.Next(Contents)]);
        }
        catch (AzsException exception) when (exception.ErrorId is "SessionEnded" or "ChunkMissing" or "VaultWriteConflict")
        {
            if (!store.Dead && !world.Objects.ContainsKey(ObjectNames.SessionEnd(session.Id)))
                throw;
        }
        finally
        {
            await session.DisposeAsync();
        }
    }

    private static async Task RemoveAsync(ModelStore store, ModelWorld world, HashSet<string> copies)
    {
        foreach (string point in world.Published.Where(name => !copies.Contains(name)).ToList())
        {
            await store.DeleteAsync(point, default);
            string folder = point[..(point.LastIndexOf('/') + 1)];
            foreach (string name in world.Objects.Keys.Where(name => name.StartsWith(folder, StringComparison.Ordinal)).ToList())
                await store.DeleteAsync(name, default);
        }
    }

    private static async Task OptimizeAsync(ModelStore store, ModelWorld world, int number)
    {
        using var vault = await BackupVault.OpenAsync(store, null, Runtime(number), default);
        var options = new OptimizeOptions
        {
            GracePeriod = TimeSpan.FromHours(world.Random.Next(6)),
            SessionTimeout = TimeSpan.FromHours(1 + world.Random.Next(24)),
            RequestsInFlight = 3,
            EntriesPerList = 4,
        };
        await new VaultOptimizer(vault, options).RunAsync(default);
    }

    private static VaultRuntime Runtime(int number) => new()
    {
        Random = new TestRandom(number),
        Time = new FixedTime(new DateTimeOffset(2025 + number % 3, 1, 1, 0, 0, 0, TimeSpan.Zero)),
    };

    private async Task CopyAsync(ModelStore store, BackupVault source, ModelWorld world, int number, Func<PointHeader, bool> wanted)
    {
        // Each copier has its own chance; what it makes must not have the names that another one made.
        using var own = await BackupVault.OpenAsync(source.Access.Store, null, Runtime(number), default);
        var copy = new VaultCopy(own, new ListEndingStore(store, () => _ended++), new VaultCopyOptions { ChunksInFlight = 1, Filter = wanted });
        try
        {
            await foreach (var result in copy.RunAsync(default))
            {
                if (result.Status == PointCopyStatus.Copied)
                    _copied++;
                else if (result.Status == PointCopyStatus.Failed)
                    _waited++;
                Assert.True(result.Failure is null || Waiting.Contains(result.Failure.ErrorId, StringComparer.Ordinal), result.Failure?.Message);
            }
        }
        catch (AzsException exception) when (exception.ErrorId == "SessionEnded")
        {
            Assert.Contains(world.Objects.Keys, name => name.EndsWith(".end", StringComparison.Ordinal));
        }
    }
}
