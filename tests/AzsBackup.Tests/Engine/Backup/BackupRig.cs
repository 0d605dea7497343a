using System.Collections.Concurrent;
using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Restore;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Engine.Fakes;
using AzsBackup.Vault;
using AzsBackup.Vault.Stores;
using Xunit;

namespace AzsBackup.Tests.Engine.Backup;

/// <summary>A stack in memory, a vault in a folder and an engine between them.</summary>
internal sealed class BackupRig : IDisposable
{
    private readonly TransferBudget _budget = new(8 * TransferBudget.PieceLength);

    private BackupRig(string folder, BackupVault vault)
    {
        Folder = folder;
        Vault = vault;
        Catalog = new VmPointCatalog(vault, Description, Log);
        Backup = NewBackup();
        Restore = new VmRestore(vault, _budget, TimeProvider.System, Log);
    }

    public string Folder { get; }

    public MemoryStack Stack { get; } = new();

    public RecordingLog Log { get; } = new();

    public BackupVault Vault { get; }

    public VmPointCatalog Catalog { get; }

    public VmBackup Backup { get; private set; }

    public VmRestore Restore { get; }

    /// <summary>How guests are made quiet.</summary>
    public IQuiescence Quiescence { get; set; } = new NoQuiescence();

    /// <summary>How backups are made.</summary>
    public VmBackupOptions Options { get; set; } = new();

    public IEnumerable<string> SessionObjects =>
        Directory.Exists(Path.Combine(Folder, "vault", "sessions")) ? Directory.EnumerateFiles(Path.Combine(Folder, "vault", "sessions")) : [];

    private AzsBackupVault Description => new()
    {
        Id = Vault.Info.Id,
        Path = Folder,
        FormatVersion = Vault.Info.FormatVersion,
        ChunkSizeBytes = Vault.Info.ChunkSize,
        Encrypted = Vault.Info.Encrypted,
        CreatedAt = Vault.Info.CreatedAt,
        RecoveryPoints = 0,
    };

    /// <summary>Without a password: a key derivation for each of a hundred vaults would only cost time.</summary>
    public static async Task<BackupRig> CreateAsync()
    {
        var folder = Directory.CreateTempSubdirectory("azsbackup-test-").FullName;
        var options = new VaultOptions { ChunkSize = VaultOptions.MinimumChunkSize };
        var vault = await BackupVault.CreateAsync(
            new FolderStore(Path.Combine(folder, "vault")), options, null, VaultRuntime.System, TestContext.Current.CancellationToken);
        return new BackupRig(folder, vault);
    }

    /// <summary>Goes on as another process would: with nothing but what vault and stack hold.</summary>
    public void StartAnew()
    {
        Backup.Dispose();
        Backup = NewBackup();
    }

    /// <summary>What the points of a VM say of themselves, newest first.</summary>
    public async Task<List<VmPointDetails>> DetailsAsync() =>
        await Vault.ListPointsAsync(TestContext.Current.CancellationToken)
            .OrderByDescending(point => point.CreatedAt).Select(point => VmPointDetails.Read(point)!)
            .ToListAsync(TestContext.Current.CancellationToken);

    public Task<AzsVmRecoveryPoint> BackUpAsync(ResourceId vm) => BackUpUntilAsync(vm, TestContext.Current.CancellationToken);

    public async Task<AzsVmRecoveryPoint> BackUpUntilAsync(ResourceId vm, CancellationToken cancellationToken)
    {
        var outcome = Assert.Single(await BackUpTogetherAsync([vm], cancellationToken));
        return outcome.Point ?? throw outcome.Failure!;
    }

    /// <summary>Backs VMs up as a group.</summary>
    public async Task<IReadOnlyList<VmBackupOutcome>> BackUpTogetherAsync(IReadOnlyList<ResourceId> vms, CancellationToken cancellationToken)
    {
        var outcomes = new ConcurrentQueue<VmBackupOutcome>();
        var plans = new List<VmBackupPlan>();
        foreach (var vm in vms) plans.Add(await Backup.PlanAsync(vm, Options, cancellationToken));
        await Backup.RunAsync(
            plans,
            Quiescence,
            (outcome, _) =>
            {
                outcomes.Enqueue(outcome);
                return Task.CompletedTask;
            },
            cancellationToken);
        return [.. outcomes];
    }

    public async Task<List<AzsVmRecoveryPoint>> PointsAsync() => await Catalog.ListAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

    public async Task<byte[][]> RestoreAsync(AzsVmRecoveryPoint point)
    {
        var path = Path.Combine(Folder, "out-" + point.Id);
        var restored = await Restore.RunAsync(VmRestore.Plan(point, new VmRestoreOptions { Path = path }), TestContext.Current.CancellationToken);
        return restored.Disks.Select(disk => File.ReadAllBytes(disk.File!)).ToArray();
    }

    private VmBackup NewBackup() =>
        new(Stack, Vault, Catalog, _budget, TimeProvider.System, new RandomRunIdSource(), new SeededRandomNumbers(1), Log);

    public void Dispose()
    {
        Backup.Dispose();
        Vault.Dispose();
        _budget.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
