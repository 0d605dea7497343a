using System.Globalization;
using AzsBackup.Model;
using AzsBackup.Vault;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Removal;
using AzsBackup.Vault.Retention;
using AzsBackup.Vault.Verification;
using Xunit;

namespace AzsBackup.Tests.Vault.Maintenance;

/// <summary>
/// Many writers, removers, retention runs and optimizers at once, their operations interleaved by lot; they die anywhere, sleep for long and
/// wake up again, lose heartbeats, and the store's clock jumps by years. No published point may ever lack a chunk, and none is removed against what its marks say.
/// AZSBACKUP_MODEL_SEED and AZSBACKUP_MODEL_STEPS choose another or a longer run.
/// </summary>
public sealed class ConcurrencyModelTests(ITestOutputHelper output)
{
    private const int StepsPerWorld = 10_000;

    [Fact]
    public async Task AnyInterleaving_PublishedPoints_KeepEveryChunk()
    {
        int firstSeed = Setting("AZSBACKUP_MODEL_SEED", 1);
        int steps = Setting("AZSBACKUP_MODEL_STEPS", 100_000);
        var totals = new ModelTotals();

        // Away from the test's synchronization context: each operation has to continue right where its turn is given.
        await Task.Run(() =>
        {
            for (int seed = firstSeed; totals.Steps < steps; seed++)
                RunWorld(seed, totals);
        }, TestContext.Current.CancellationToken);
        output.WriteLine($"Seeds from {firstSeed}: {totals}");
        Assert.True(totals is { Published: > 100, ChunksDeleted: > 50, Spared: > 0, Ended: > 10, GivenUp: > 0, Removed: > 50, Undone: > 10, Refused: > 10, TooLate: > 0, Thinned: > 10, Verified: > 5 }, totals.ToString());
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    private void RunWorld(int seed, ModelTotals totals)
    {
        output.WriteLine($"Seed {seed}");
        using var world = new ModelWorld(seed) { Hostile = false, RemovalsAreSaid = true };
        var actors = new List<(ModelStore Store, Task Task)>();
        Start(store => CreateVaultAsync(store, seed));
        Drain();
        int next = seed * 100_000;
        world.Hostile = true;
        while (world.Steps < StepsPerWorld)
        {
            actors.RemoveAll(actor => Finished(actor.Store, actor.Task));
            while (actors.Count < 6)
                StartAny(next++);
            world.Step();
        }

        world.Hostile = false;
        Drain();
        Start(store => RestoreAllAsync(store, world));
        Drain();
        totals.Add(world);

        void Start(Func<ModelStore, Task> act)
        {
            var store = new ModelStore(world);
            actors.Add((store, act(store)));
        }

        void StartAny(int number)
        {
            int kind = world.Random.Next(10);
            if (kind < 4)
                Start(store => WriteAsync(store, world, number));
            else if (kind < 6)
                Start(store => RemoveAsync(store, world, number, totals));
            else if (kind < 7)
                Start(store => ThinAsync(store, world, number, totals));
            else if (world.Chance(8))
                Start(store => VerifyAsync(store, world, number, totals));
            else
                Start(store => OptimizeAsync(store, world, number, totals));
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
        // A failure of the model passes even through an actor that is dying.
        if (task.IsFaulted)
            task.GetAwaiter().GetResult();
        return store.Dead || task.IsCompleted;
    }

    private static async Task CreateVaultAsync(ModelStore store, int seed) =>
        (await BackupVault.CreateAsync(store, new VaultOptions { ChunkSize = VaultWorkshop.ChunkSize }, null, Runtime(seed), default)).Dispose();

    private static async Task WriteAsync(ModelStore store, ModelWorld world, int number)
    {
        var vault = await BackupVault.OpenAsync(store, null, Runtime(number), default);
        var session = await vault.BeginSessionAsync("model", default);
        try
        {
            for (int point = world.Random.Next(2); point < 2; point++)
            {
                var streams = new List<StreamDraft>();
                for (int stream = world.Random.Next(3); stream < 3; stream++)
                {
                    byte[] content = [1, 2, 3, (byte)world.Random.Next(50)];
                    streams.Add(new StreamDraft { Name = $"{stream}", Length = content.Length, Chunks = [new(0, await session.PutChunkAsync(content, default))] });
                    if (world.Chance(4))
                        await session.Heartbeat.BeatAsync();
                }

                await session.PublishAsync(
                    new PointDraft { Source = "s", Item = $"{number % 3}", CreatedAt = default(DateTime).ToUniversalTime(), Details = VaultWorkshop.Details(new { }), Streams = streams },
                    default);
            }
        }
        catch (AzsException exception) when (exception.ErrorId is "SessionEnded" or "ChunkMissing" or "VaultWriteConflict")
        {
            // Only who was taken for dead may fail.
            if (!store.Dead && !world.Objects.ContainsKey(ObjectNames.SessionEnd(session.Id)))
                throw;
        }
        finally
        {
            await session.DisposeAsync();
        }
    }

    /// <summary>Asks for removals, takes them back, pins, locks: what it is told must be true in the moment it is told.</summary>
    private static async Task RemoveAsync(ModelStore store, ModelWorld world, int number, ModelTotals totals)
    {
        var vault = await BackupVault.OpenAsync(store, null, Runtime(number, world), default);
        var removal = new PointRemoval(vault);
        for (int i = 0; i < 4 && world.Published.Any(); i++)
        {
            string point = world.Published.ElementAt(world.Random.Next(world.Published.Count()));
            string id = point.Split('/')[3];
            string folder = point[..(point.LastIndexOf('/') + 1)];
            try
            {
                switch (world.Random.Next(8))
                {
                    case < 4 when world.Published.Count() > 3:
                        await removal.RequestAsync(id, TimeSpan.FromHours(world.Random.Next(6)), byRetention: false, default);
                        break;
                    case 4:
                        bool waited = world.Marks(folder).DueAt is not null;
                        await removal.UndoAsync(id, default);
                        world.Check(store.Dead || world.Objects.ContainsKey(point), $"{point} is gone although its removal was undone");
                        totals.Undone += waited ? 1 : 0;
                        break;
                    case 5:
                        await removal.SetPinnedAsync(id, pinned: true, default);
                        break;
                    case 6:
                        await removal.LockAsync(id, world.Now + TimeSpan.FromHours(world.Random.Next(24)), default);
                        break;
                    default:
                        await removal.SetPinnedAsync(id, pinned: false, default);
                        break;
                }
            }
            catch (AzsException exception) when (exception.ErrorId is "PointPinned" or "PointLocked")
            {
                totals.Refused++;
            }
            catch (AzsException exception) when (exception.ErrorId is "PointNotFound" or "PointBeingRemoved")
            {
                totals.TooLate++;
            }
        }
    }

    private static async Task ThinAsync(ModelStore store, ModelWorld world, int number, ModelTotals totals)
    {
        var vault = await BackupVault.OpenAsync(store, null, Runtime(number, world), default);
        var points = new List<PointHeader>();
        await foreach (var point in vault.ListPointsAsync(default))
            points.Add(point);
        foreach (var (point, decision) in VaultRetention.Decide(points, new RetentionPolicy { Last = 2 }, world.Now))
        {
            if (decision.Keep)
                continue;
            try
            {
                await new PointRemoval(vault).RequestAsync(point.Id, TimeSpan.FromHours(world.Random.Next(3)), byRetention: true, default);
                totals.Thinned++;
            }
            catch (AzsException exception) when (exception.ErrorId is "PointPinned" or "PointLocked" or "PointNotFound" or "PointBeingRemoved")
            {
                totals.Refused++;
            }
        }
    }

    private static async Task OptimizeAsync(ModelStore store, ModelWorld world, int number, ModelTotals totals)
    {
        var vault = await BackupVault.OpenAsync(store, null, Runtime(number, world), default);
        var options = new OptimizeOptions
        {
            GracePeriod = TimeSpan.FromHours(world.Random.Next(6)),
            SessionTimeout = TimeSpan.FromHours(1 + world.Random.Next(24)),
            RequestsInFlight = 3,
            EntriesPerList = 4,
            TrustClock = world.Chance(2),
        };
        var result = await new VaultOptimizer(vault, options).RunAsync(default);
        totals.Ended += result.SessionsEnded;
        totals.Spared += result.ChunksSpared;
    }

    /// <summary>Nothing is damaged here, whatever comes and goes meanwhile: whoever says so is wrong.</summary>
    private static async Task VerifyAsync(ModelStore store, ModelWorld world, int number, ModelTotals totals)
    {
        var vault = await BackupVault.OpenAsync(store, null, Runtime(number, world), default);
        var options = new VerifyOptions
        {
            Parallelism = 1,
            ChunksPerRecord = 5,
            NotVerifiedFor = world.Chance(2) ? TimeSpan.FromHours(world.Random.Next(48)) : null,
        };
        await new VaultVerifier(vault, options).RunAsync(
            (damage, _) =>
            {
                world.Check(store.Dead, $"{damage.Kind}: {damage.Description} is reported");
                return Task.CompletedTask;
            },
            default);
        totals.Verified++;
    }

    private static async Task RestoreAllAsync(ModelStore store, ModelWorld world)
    {
        var vault = await BackupVault.OpenAsync(store, null, Runtime(0), default);
        foreach (string name in world.Published.ToList())
        {
            if (world.Marks(name[..(name.LastIndexOf('/') + 1)]).Removing)
                continue;
            var point = await vault.OpenPointAsync(name.Split('/')[3], default);
            byte[] buffer = new byte[4];
            foreach (var stream in point.Streams)
                Assert.Equal(4, await point.ReadChunkAsync(stream, 0, buffer, default));
        }
    }

    private static VaultRuntime Runtime(int number) => new()
    {
        Random = new TestRandom(number),
        Time = new FixedTime(new DateTimeOffset(2025 + number % 3, 1, 1, 0, 0, 0, TimeSpan.Zero)),
    };

    /// <summary>The clock of a machine: mostly like the store's, or a year ahead or behind.</summary>
    private static VaultRuntime Runtime(int number, ModelWorld world) => new()
    {
        Random = new TestRandom(number),
        Time = new FixedTime(world.Now + TimeSpan.FromDays(365 * (number % 9 == 0 ? 1 : number % 9 == 1 ? -1 : 0))),
    };
}
