using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Jobs;
using AzsBackup.Engine.Policies;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Engine.Fakes;
using AzsBackup.Tests.Vault.Maintenance;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault;
using AzsBackup.Vault.Runs;
using AzsBackup.Vault.Stores;
using Xunit;

namespace AzsBackup.Tests.Engine.Policies;

/// <summary>A stack and a vault in memory with one clock that moves when told to, and what runs policies between them.</summary>
internal sealed class PolicyRig : IDisposable
{
    private readonly TransferBudget _budget = new(4 * TransferBudget.PieceLength);
    private readonly List<BackupVault> _opened = [];

    private PolicyRig(DateTime start)
    {
        Store = new MemoryStore(Time);
        MoveTo(start);
    }

    public MovableTime Time { get; } = new();

    public MemoryStore Store { get; }

    public MemoryStack Stack { get; } = new();

    public RecordingLog Log { get; } = new();

    public BackupVault Vault { get; private set; } = null!;

    public DateTime Now => Time.GetUtcNow().UtcDateTime;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<PolicyRig> CreateAsync(DateTime start)
    {
        var rig = new PolicyRig(start);
        rig.Vault = await BackupVault.CreateAsync(rig.Store, new VaultOptions { ChunkSize = VaultOptions.MinimumChunkSize }, null, rig.Runtime(), Cancel);
        rig._opened.Add(rig.Vault);
        return rig;
    }

    public void MoveTo(DateTime utc) => Time.Pass(utc - Now);

    /// <summary>Opens the vault as a process of its own would, of another machine.</summary>
    public async Task<BackupVault> OpenElsewhereAsync(IObjectStore? store = null)
    {
        var process = new WriterProcess("elsewhere", Guid.NewGuid().ToString("n"), "1", _ => throw new InvalidOperationException("It can't be looked at."));
        var vault = await BackupVault.OpenAsync(store ?? Store, null, Runtime() with { Process = process }, Cancel);
        _opened.Add(vault);
        return vault;
    }

    public static VmBackupPolicy Policy(string zone = "Europe/Berlin", params string[] at) => new()
    {
        Name = "Nightly",
        Stack = "management.memory.test",
        Select = [new PolicyRule { VmName = ["*"] }],
        Schedule = new PolicySchedule { Frequency = AzsScheduleFrequency.Daily, TimeZone = zone, At = [.. (at.Length == 0 ? ["22:30"] : at).Select(time => TimeOnly.Parse(time, System.Globalization.CultureInfo.InvariantCulture))] },
        ScheduledFrom = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        Retention = new PolicyRetention { Last = 3 },
        RemovalDelayDays = 0,
    };

    /// <summary>Invokes a policy as a scheduler does: a process of its own each time.</summary>
    public async Task<PolicyInvocation> InvokeAsync(VmBackupPolicy policy, Shard? shard = null, bool force = false, BackupVault? vault = null, CancellationToken? cancel = null)
    {
        vault ??= Vault;
        var jobs = new ConcurrentQueue<AzsVmBackupJob>();
        var failures = new ConcurrentQueue<AzsException>();
        using var backup = NewBackup(vault);
        await using var book = new VmJobBook(vault, Stack, Time, Log);
        var runner = new PolicyRunner(Stack, vault, backup, book, _ => new NoQuiescence(), Time, Log);
        var run = await runner.RunAsync(
            policy,
            shard,
            force,
            (job, failure, _) =>
            {
                jobs.Enqueue(job);
                if (failure is not null) failures.Enqueue(failure);
                return Task.CompletedTask;
            },
            cancel ?? Cancel);
        return new PolicyInvocation(run, [.. jobs], [.. failures]);
    }

    public VmBackup NewBackup(BackupVault vault) =>
        new(Stack, vault, new VmPointCatalog(vault, Description, Log), _budget, Time, new RandomRunIdSource(), new SeededRandomNumbers(1), Log);

    public Task<IReadOnlyList<AzsVmBackupJob>> HistoryAsync() => new JobCatalog(Vault, Log).ListAsync(DateTime.MinValue, Cancel);

    public Task<AzsVmBackupPolicy> StandingAsync(VmBackupPolicy policy) =>
        new PolicyBoard(Vault, Description, Time).DescribeAsync(new StoredPolicy(policy, 0, Now), Cancel);

    /// <summary>The points that do not wait for their removal, oldest first.</summary>
    public async Task<List<PointHeader>> PointsAsync() =>
        await Vault.ListPointsAsync(Cancel).Where(point => point.RemovalDueAt is null).OrderBy(point => point.CreatedAt).ToListAsync(Cancel);

    /// <summary>A VM with one tiny disk, and tags.</summary>
    public async Task<ResourceId> AddVmAsync(string name, params (string Name, string Value)[] tags)
    {
        var id = Stack.AddVm(name, TestDisks.Make(name.Length, 2));
        if (tags.Length == 0) return id;
        var body = JsonNode.Parse((await Stack.GetAsync(id, Cancel)).Json.GetRawText())!.AsObject();
        body["tags"] = new JsonObject(tags.Select(tag => KeyValuePair.Create<string, JsonNode?>(tag.Name, tag.Value)));
        await Stack.PutAsync(id, body, Cancel);
        return id;
    }

    public void Dispose()
    {
        _opened.ForEach(vault => vault.Dispose());
        _budget.Dispose();
    }

    private AzsBackupVault Description => new()
    {
        Id = Vault.Info.Id,
        Path = "memory",
        FormatVersion = 1,
        ChunkSizeBytes = Vault.Info.ChunkSize,
        Encrypted = false,
        CreatedAt = Now,
        RecoveryPoints = 0,
    };

    private VaultRuntime Runtime() => new() { Time = Time };
}
