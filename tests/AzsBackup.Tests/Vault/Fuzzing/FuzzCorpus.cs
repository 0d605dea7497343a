using System.Security.Cryptography;
using System.Text;
using AzsBackup.Tests.Vault.Golden;
using AzsBackup.Tests.Vault.Keys;
using AzsBackup.Tests.Vault.Maintenance;
using AzsBackup.Tests.Vault.Runs;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Jobs;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Proofs;
using AzsBackup.Vault.Removal;
using AzsBackup.Vault.Settings;
using AzsBackup.Vault.Verification;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Fuzzing;

/// <summary>
/// The right objects that fuzzing begins with: those of the golden vault, which are kept for ever, and of a vault written today that
/// has an object of every sort.
/// </summary>
internal sealed class FuzzCorpus
{
    private FuzzCorpus(MemoryStore store, IReadOnlyDictionary<string, byte[]> plain)
    {
        Store = store;
        Plain = plain;
    }

    /// <summary>A vault without encryption.</summary>
    public MemoryStore Store { get; }

    /// <summary>The plain content of its objects and of those of the golden vault, by name.</summary>
    public IReadOnlyDictionary<string, byte[]> Plain { get; }

    /// <summary>Contents of the objects whose names hold this.</summary>
    public byte[][] this[string part] =>
        [.. Plain.Where(pair => pair.Key.Contains(part, StringComparison.Ordinal)).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)];

    public static async Task<FuzzCorpus> MakeAsync()
    {
        var time = new MovableTime();
        var store = new MemoryStore(time);
        var runtime = new VaultRuntime { Time = time, Random = new TestRandom(7) };
        using var vault = await BackupVault.CreateAsync(store, new VaultOptions { ChunkSize = ChunkSize }, null, runtime, Cancel);
        string first = (await BackUpAsync(vault, MakeStream([1, 3], 100, seed: 1), "/vm/1")).Id;
        string second = (await BackUpAsync(vault, MakeStream([1, 0, 3], 0, seed: 5), "/vm/2")).Id;
        var removal = new PointRemoval(vault);
        await removal.SetPinnedAsync(first, pinned: true, Cancel);
        await removal.LockAsync(first, new DateTime(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc), Cancel);
        await removal.RequestAsync(second, TimeSpan.FromDays(9), byRetention: true, Cancel);
        await removal.UndoAsync(second, Cancel);
        await new PointProofs(vault).KeepAsync(first, Proofs.PointProofsTests.Proof, Cancel);
        await removal.ExtendMinimumAgeAsync(TimeSpan.FromSeconds(5), Cancel);
        await using (var session = await vault.BeginSessionAsync("leftovers", Cancel))
            await session.PutChunkAsync(new byte[] { 1, 2, 3 }, Cancel);
        time.Pass(TimeSpan.FromHours(3));
        await new VaultVerifier(vault, new VerifyOptions()).RunAsync((_, _) => Task.CompletedTask, Cancel);
        await vault.BeginSessionAsync("died", Cancel);
        time.Pass(TimeSpan.FromDays(2));
        var living = await vault.BeginSessionAsync("lives", Cancel);
        await living.Heartbeat.BeatAsync();
        await RunsWorkshop.LeaveAsync(living);
        await new VaultOptimizer(vault, new OptimizeOptions { GracePeriod = TimeSpan.Zero }).RunAsync(Cancel);
        string list = store.Objects.Keys.First(name => name.StartsWith("condemned/", StringComparison.Ordinal) && name.EndsWith(".waits", StringComparison.Ordinal))[10..42];
        await PutAsync(vault, ObjectRole.Condemned, ObjectNames.Claim(list, new string('a', 32)), []);
        await PutAsync(vault, ObjectRole.Job, ObjectNames.Job(new string('b', 32)), []);
        await new VaultSettings(vault).WriteAsync("policy", "nightly", Details(new { at = "22:30" }), VaultSettings.NoVersion, Cancel);
        var job = await new VaultJobs(vault).BeginAsync(living, "nightly", Details(new { vm = "db-1" }), Cancel);
        await job.EndAsync(Details(new { state = "Completed" }), Cancel);
        await BarredChunks.AddAsync(vault.Access, [(new ChunkName(SHA256.HashData("x"u8)), 3)], Cancel);

        var plain = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (name, stored) in store.Objects)
            plain[name] = Open(vault, name, stored.Content);
        await AddGoldenAsync("plain", null, plain);
        using var passphrase = Passphrase(GoldenVault.Password);
        await AddGoldenAsync("encrypted", passphrase, plain);
        await AddSlotsAsync(plain);
        return new FuzzCorpus(store, plain);
    }

    public static ObjectRole RoleOf(string name) => name.Split('/')[0] switch
    {
        "chunks" => ObjectRole.Chunk,
        "sessions" => ObjectRole.Session,
        "condemned" or "barred" => ObjectRole.Condemned,
        "clock" => ObjectRole.Clock,
        "verified" => ObjectRole.Verified,
        "retention" => ObjectRole.Mark,
        "jobs" => ObjectRole.Job,
        "settings" => ObjectRole.Setting,
        "runs" => ObjectRole.Run,
        _ => name[name.LastIndexOf('.')..] switch
        {
            ".index" => ObjectRole.Index,
            ".doc" => ObjectRole.Document,
            ".mark" => ObjectRole.Mark,
            ".proof" => ObjectRole.Proof,
            _ => ObjectRole.Point,
        },
    };

    public static bool IsSealed(string name) => name != "vault.json" && !name.StartsWith("keys/", StringComparison.Ordinal);

    private static async Task PutAsync(BackupVault vault, ObjectRole role, string name, byte[] content)
    {
        using var sealedContent = vault.Access.Sealer.Seal(role, name, content);
        await vault.Access.Store.TryCreateAsync(name, sealedContent.Memory, Cancel);
    }

    private static byte[] Open(BackupVault vault, string name, byte[] stored)
    {
        if (!IsSealed(name))
            return stored;
        using var content = vault.Access.Sealer.Open(RoleOf(name), name, [.. stored]);
        return content.Memory.ToArray();
    }

    private static async Task AddGoldenAsync(string folder, VaultSecret? secret, Dictionary<string, byte[]> plain)
    {
        string root = Path.Combine(GoldenVault.Root, folder);
        using var store = new AzsBackup.Vault.Stores.FolderStore(root);
        using var vault = await BackupVault.OpenAsync(store, secret, VaultRuntime.System, Cancel);
        foreach (string path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(root, path).Replace('\\', '/');
            plain[$"{folder}:{name}"] = Open(vault, name, await File.ReadAllBytesAsync(path, Cancel));
        }
    }

    private static async Task AddSlotsAsync(Dictionary<string, byte[]> plain)
    {
        var store = new MemoryStore();
        using var certificate = TestCertificate.Make();
        using var vault = await CreateAsync(store);
        using var ofCertificate = VaultSecret.FromCertificate(certificate);
        await vault.AddKeyAsync(ofCertificate, Cancel);
        using var folder = new TemporaryFolder();
        await vault.AddRecoveryKeyAsync(folder["key.txt"], Cancel);
        plain["recovery.txt"] = await File.ReadAllBytesAsync(folder["key.txt"], Cancel);
        foreach (var (name, stored) in store.Objects.Where(stored => stored.Key.StartsWith("keys/", StringComparison.Ordinal)))
            plain[name] = stored.Content;
        if (plain.Keys.Count(name => name.Contains("keys/", StringComparison.Ordinal)) < 4 || !Encoding.UTF8.GetString(plain["recovery.txt"]).Contains("recovery key", StringComparison.Ordinal))
            throw new InvalidOperationException("The corpus lacks slots.");
    }
}
