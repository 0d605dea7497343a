using System.Text.Json.Nodes;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Rebuild;
using AzsBackup.Engine.Restore;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Azure.Fakes;
using AzsBackup.Tests.Engine.Fakes;
using AzsBackup.Vault;
using AzsBackup.Vault.Stores;
using Xunit;

namespace AzsBackup.Tests.Engine.Restore;

/// <summary>A stack with the sample estate, its VMs backed up to a vault, and engines to restore them onto any stack.</summary>
public sealed class RestoreScene : IAsyncLifetime
{
    public const string Compute = "Microsoft.Compute/virtualMachines";
    public const string Disk = "Microsoft.Compute/disks";
    public const string Nic = "Microsoft.Network/networkInterfaces";

    private readonly string _folder = Directory.CreateTempSubdirectory("azsbackup-test-").FullName;
    private readonly TransferBudget _budget = new(16 * TransferBudget.PieceLength);
    private readonly Dictionary<string, AzsVmRecoveryPoint> _points = [];
    private readonly Dictionary<string, string> _hashes = [];
    private BackupVault _vault = null!;

    internal EmulatedStackClient Source { get; private set; } = null!;

    internal RecordingLog Log { get; } = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Source = await StartSampleAsync();
        _vault = await BackupVault.CreateAsync(new FolderStore(Path.Combine(_folder, "vault")), new VaultOptions(), null, VaultRuntime.System, default);
        var catalog = new VmPointCatalog(_vault, Description, Log);
        using var backup = new VmBackup(Source.Stack, _vault, catalog, _budget, TimeProvider.System, new RandomRunIdSource(), new SeededRandomNumbers(1), Log);
        foreach (var name in new[] { "app-web-1", "app-web-2", "db-1" })
        {
            var plan = await backup.PlanAsync(Source.Id("contoso-app", Compute, name), new VmBackupOptions(), default);
            await backup.RunAsync([plan], new NoQuiescence(), (outcome, _) => { _points[name] = outcome.Point ?? throw outcome.Failure!; return Task.CompletedTask; }, default);
            foreach (var disk in _points[name].Disks) _hashes[disk.DiskId!] = await Source.HashAsync(disk.DiskId!);
        }
    }

    public AzsVmRecoveryPoint Point(string vm) => _points[vm];

    /// <summary>What a disk of a point held when it was backed up.</summary>
    public string HashOf(AzsRecoveryPointDisk disk) => _hashes[disk.DiskId!];

    internal VmStackRestore Restore(IStack stack) => Restore(stack, TimeProvider.System);

    internal VmStackRestore Restore(IStack stack, TimeProvider clock) => new(_vault, stack, _budget, clock, new RandomRunIdSource(), Log);

    internal VmInPlaceRestore InPlace(IStack stack) => new(_vault, stack, _budget, new InstantTimeProvider(), new RandomRunIdSource(), Log);

    /// <summary>Plans and restores; fails the test if something stands in the way.</summary>
    internal async Task<AzsVmRestore> RunAsync(IStack stack, string vm, StackRestoreOptions options)
    {
        var restore = Restore(stack);
        var plan = await restore.PlanAsync(Point(vm), options, Ct);
        Assert.True(plan.Blockers.Count == 0, string.Join('\n', plan.Blockers.Select(blocker => blocker.Message)));
        return await restore.RunAsync(plan, Ct);
    }

    internal static StackRestoreOptions To(EmulatedStackClient target, string group, string? vm = null) => new()
    {
        Map = new VmMap { SubscriptionId = target.Subscription, ResourceGroupName = group, VmName = vm },
    };

    /// <summary>A second stack with nothing but the network the VMs were in, and the database's account.</summary>
    internal static async Task<EmulatedStackClient> StartEmptyAsync(EmulatedStackOptions? options = null)
    {
        var target = await EmulatedStackClient.StartAsync((options ?? new EmulatedStackOptions()) with { Region = "east" });
        await PutAsync(target, ResourceId.CreateGroup(target.Subscription, "contoso-network"), []);
        await PutAsync(target, target.Id("contoso-network", "Microsoft.Network/virtualNetworks", "contoso-vnet"), new JsonObject
        {
            ["addressSpace"] = new JsonObject { ["addressPrefixes"] = new JsonArray("10.20.0.0/16") },
            ["subnets"] = new JsonArray(Subnet("web", "10.20.1.0/24"), Subnet("data", "10.20.2.0/24")),
        });
        return target;
    }

    internal static Task<EmulatedStackClient> StartSampleAsync() =>
        EmulatedStackClient.StartAsync(new EmulatedStackOptions { Estate = "sample", DiskContent = Images() });

    internal static Task PutAsync(EmulatedStackClient target, ResourceId id, JsonObject properties) => target.Stack.Resources.PutAsync(
        id, new JsonObject { ["location"] = target.Emulated.Location, ["properties"] = properties }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _vault.Dispose();
        _budget.Dispose();
        await Source.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static JsonObject Subnet(string name, string prefix) =>
        new() { ["name"] = name, ["properties"] = new JsonObject { ["addressPrefix"] = prefix } };

    private static Dictionary<string, string> Images()
    {
        var folder = Directory.CreateTempSubdirectory("azsbackup-test-").FullName;
        const string disks = "/subscriptions/{subscriptionId}/resourceGroups/contoso-app/providers/Microsoft.Compute/disks/";
        string[] names = [disks + "app-web-1-os", disks + "app-web-1-data", disks + "app-web-2-os", disks + "app-web-2-data",
            "https://contosoappdata.blob/vhds/db-1-os.vhd", "https://contosoappdata.blob/vhds/db-1-data.vhd"];
        return names.Select((name, number) => (name, file: Write(Path.Combine(folder, $"{number}.img"), number))).ToDictionary(pair => pair.name, pair => pair.file);
    }

    // Half of it holes, within its chunks too.
    private static string Write(string file, int seed)
    {
        var content = new byte[6 << 20];
        var random = new Random(seed);
        for (var at = 0; at < content.Length; at += 512 << 10) random.NextBytes(content.AsSpan(at, 200 << 10));
        content.AsSpan(2 << 20, 2 << 20).Clear();
        File.WriteAllBytes(file, content);
        return file;
    }

    private AzsBackupVault Description => new()
    {
        Id = _vault.Info.Id,
        Path = _folder,
        FormatVersion = _vault.Info.FormatVersion,
        ChunkSizeBytes = _vault.Info.ChunkSize,
        Encrypted = _vault.Info.Encrypted,
        CreatedAt = _vault.Info.CreatedAt,
        RecoveryPoints = 0,
    };
}
