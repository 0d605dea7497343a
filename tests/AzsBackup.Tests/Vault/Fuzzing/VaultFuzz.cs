using AzsBackup.Model;
using AzsBackup.Tests.Vault.Maintenance;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Verification;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Fuzzing;

/// <summary>A whole vault of which one object is another, under a seal that is right: everything that reads vaults has to cope.</summary>
internal sealed class VaultFuzz(FuzzCorpus corpus)
{
    private static readonly MovableTime Time = Later();

    private readonly string[] _names = [.. corpus.Store.Objects.Keys.Where(name => !name.StartsWith("chunks/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The object to change, and what its plain content was.</summary>
    public (string Name, byte[] Plain) Pick(ref FuzzRandom random)
    {
        string name = _names[random.Below(_names.Length)];
        return (name, corpus.Plain[name]);
    }

    public async Task ReadAsync(string name, byte[] plain)
    {
        var store = new MemoryStore(Time);
        foreach (var (each, stored) in corpus.Store.Objects)
            store.Objects[each] = stored;
        var createdAt = store.Objects[name].CreatedAt;
        if (FuzzCorpus.IsSealed(name))
        {
            using var sealer = new ObjectSealer(AzsBackup.Vault.Keys.VaultKeys.None(), new TestRandom(3));
            using var content = sealer.Seal(FuzzCorpus.RoleOf(name), name, plain);
            store.Objects[name] = (content.Memory.ToArray(), createdAt);
        }
        else
        {
            store.Objects[name] = (plain, createdAt);
        }

        await TryAsync(async () =>
        {
            using var vault = await BackupVault.OpenAsync(store, null, new VaultRuntime { Time = Time, Random = new TestRandom(4) }, Cancel);
            await TryAsync(() => ListAndRestoreAsync(vault));
            await TryAsync(() => new VaultVerifier(vault, new VerifyOptions { Parallelism = 1, NotVerifiedFor = TimeSpan.FromDays(1) }).RunAsync((_, _) => Task.CompletedTask, Cancel));
            await TryAsync(() => vault.ListWritersAsync(Cancel));
            await TryAsync(async () => await (await vault.BeginSessionAsync("fuzz", Cancel)).DisposeAsync());
            await TryAsync(() => new VaultOptimizer(vault, new OptimizeOptions { GracePeriod = TimeSpan.Zero, RequestsInFlight = 1 }).RunAsync(Cancel));
        });
    }

    private static MovableTime Later()
    {
        var time = new MovableTime();
        time.Pass(TimeSpan.FromDays(10));
        return time;
    }

    private static async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (AzsException)
        {
            // What a reader may say.
        }
    }

    private static async Task ListAndRestoreAsync(BackupVault vault)
    {
        byte[] buffer = new byte[ChunkSize];
        foreach (var header in await ListAsync(vault))
        {
            if (header.IsDamaged)
                continue;
            await TryAsync(async () =>
            {
                var point = await vault.OpenPointAsync(header, Cancel);
                foreach (var stream in point.Streams)
                {
                    foreach (long number in stream.Chunks.Take(3).Select(chunk => chunk.Number).Append(stream.ChunkCount - 1).Where(number => number >= 0))
                        await TryAsync(async () => await point.ReadChunkAsync(stream, number, buffer, Cancel));
                }

                foreach (var document in point.Header.Documents)
                    await TryAsync(() => point.ReadDocumentAsync(document.Name, Cancel));
            });
        }
    }
}
