using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AzsBackup.Azure.Connections;
using AzsBackup.Azure.Vaults;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Restore;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Azure.Fakes;
using AzsBackup.Tests.Emulator.Blobs;
using AzsBackup.Tests.Engine.Fakes;
using AzsBackup.Vault;
using Xunit;

namespace AzsBackup.Tests.Azure.Faults;

/// <summary>
/// A VM with two managed disks on an emulated stack, a vault in a container of another, and a process between them whose waits are over at
/// once. Faults are those of the emulated stack's own machinery.
/// </summary>
internal sealed class FaultRig : IAsyncDisposable
{
    private const string Group = "contoso-app";
    private readonly FaultScene _scene;
    private readonly string _folder;
    private readonly EmulatedStack _source;
    private readonly EmulatedStack _target;
    private readonly HttpClient _http = new();
    private readonly TransferBudget _budget = new(8 * TransferBudget.PieceLength);
    private readonly TimeProvider _clock;
    private readonly TimeProvider _runClock;
    private readonly string[] _contents;
    private IStack _stack = null!;
    private BlobObjectStore? _store;
    private BackupVault _vault = null!;

    private FaultRig(FaultScene scene, TimeProvider? clock, string folder, EmulatedStack source, EmulatedStack target, string[] contents)
    {
        _scene = scene;
        _clock = clock ?? new InstantTimeProvider { Beat = TimeSpan.FromMilliseconds(150) };
        _runClock = clock ?? TimeProvider.System;
        _folder = folder;
        _source = source;
        _target = target;
        _contents = contents;
    }

    public RecordingLog Log { get; private set; } = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static Task<FaultRig> StartAsync() => StartAsync(FaultScene.Managed);

    /// <param name="scene">What is backed up.</param>
    /// <param name="clock">The time for everything; if null, one whose waits are over at once, and that of the machine for the run itself.</param>
    public static async Task<FaultRig> StartAsync(FaultScene scene, TimeProvider? clock = null)
    {
        var folder = Directory.CreateTempSubdirectory("azsbackup-test-").FullName;
        string[] files = [Write(folder, "os", 1), Write(folder, "data", 2)];
        var source = await EmulatedStack.StartAsync(
            new EmulatedStackOptions
            {
                Estate = "sample",
                OperationDuration = TimeSpan.Zero,
                Seed = 1,
                DiskContent = scene.Disks.Zip(files).ToDictionary(disk => disk.First, disk => disk.Second),
            },
            Ct);
        var target = await EmulatedStack.StartAsync(new EmulatedStackOptions { OperationDuration = TimeSpan.Zero, Region = "east" }, Ct);
        var rig = new FaultRig(scene, clock, folder, source, target, [.. files.Select(HashOf)]);
        await rig.ConnectAsync();
        await rig.OpenContainerAsync();
        return rig;
    }

    /// <summary>Starts as another process an hour later: nothing is remembered but what the stack and the vault hold.</summary>
    public async Task ConnectAsync()
    {
        (_clock as InstantTimeProvider)?.Advance(TimeSpan.FromHours(1));
        (_stack as IDisposable)?.Dispose();
        _stack = await SignInAsync(_source);
    }

    /// <summary>Puts a fault in force.</summary>
    /// <param name="onVault">Whether on the vault's side rather than on the VM's.</param>
    /// <param name="fault">The fault, in the form of a fault file.</param>
    public async Task AddAsync(bool onVault, JsonObject fault)
    {
        using var answer = await _http.PostAsJsonAsync(Control(onVault), new JsonArray(fault.DeepClone()), Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }

    /// <summary>Ends the faults. Gives how often they struck.</summary>
    public async Task<long> ClearAsync(bool onVault)
    {
        var struck = await StruckAsync(onVault);
        (await _http.DeleteAsync(Control(onVault), Ct)).Dispose();
        return struck;
    }

    /// <summary>How often the faults in force have struck.</summary>
    public async Task<long> StruckAsync(bool onVault) =>
        (await _http.GetFromJsonAsync<JsonObject>(Control(onVault), Ct))!["value"]!.AsArray().Sum(fault => fault!["struck"]!.GetValue<long>());

    /// <summary>Backs the VM up. A failure is what the user would be told.</summary>
    public async Task<AzsVmRecoveryPoint> BackUpAsync(CancellationToken cancellationToken)
    {
        Log = new RecordingLog();
        using var backup = new VmBackup(
            _stack, _vault, Catalog(), _budget, _runClock, new RandomRunIdSource(), new SeededRandomNumbers(1), Log);
        var plan = await backup.PlanAsync(
            VmId,
            new VmBackupOptions { ChangeSource = _scene.ChangeSource },
            cancellationToken);
        VmBackupOutcome? outcome = null;
        await backup.RunAsync(
            [plan],
            new NoQuiescence(),
            (one, _) =>
            {
                outcome = one;
                return Task.CompletedTask;
            },
            cancellationToken);
        return outcome!.Point ?? throw outcome.Failure!;
    }

    /// <summary>Restores a point to files. Gives the files' hashes; none are left.</summary>
    public async Task<string[]> RestoreAsync(AzsVmRecoveryPoint point, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_folder, "restored");
        try
        {
            var restore = new VmRestore(_vault, _budget, TimeProvider.System, Log);
            var restored = await restore.RunAsync(VmRestore.Plan(point, new VmRestoreOptions { Path = path }), cancellationToken);
            return [.. restored.Disks.Select(disk => HashOf(disk.File!))];
        }
        catch (AzsException)
        {
            Assert.False(Directory.Exists(path) && Directory.EnumerateFiles(path).Any(), "A restore that failed left files.");
            throw;
        }
        finally
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>Restores a point and compares it with what the VM's disks hold.</summary>
    public async Task AssertRightAsync(AzsVmRecoveryPoint point, string when)
    {
        var restored = await RestoreAsync(point, Ct);
        Assert.True(_contents.SequenceEqual(restored), $"{when}: the point's disks are not the VM's.");
    }

    public Task<List<AzsVmRecoveryPoint>> PointsAsync() => Catalog().ListAsync(Ct).ToListAsync(Ct).AsTask();

    /// <summary>What lies about: snapshots that the newest point does not keep, access still granted, sessions still open.</summary>
    public async Task<List<string>> LeftoversAsync()
    {
        var left = new List<string>();
        var newest = await _vault.ListPointsAsync(Ct).OrderByDescending(point => point.CreatedAt).Select(VmPointDetails.Read).FirstOrDefaultAsync(Ct);
        var kept = newest?.Disks.Select(disk => disk.Kept?.Id).ToHashSet(StringComparer.OrdinalIgnoreCase) ?? [];
        const string type = "Microsoft.Compute/snapshots";
        await foreach (var snapshot in _stack.Resources.ListAsync($"/subscriptions/{_source.SubscriptionId}/providers/{type}", type, Ct))
        {
            if (!kept.Contains(snapshot.Id.ToString())) left.Add($"snapshot {snapshot.Id.Name}");
            if (snapshot.FindText("properties", "diskState") == "ActiveSAS") left.Add($"access to {snapshot.Id.Name}");
        }

        var vm = await VmDescription.ReadAsync(_stack, VmId, Ct);
        foreach (var disk in vm.Disks.Where(disk => disk.ManagedDisk is null))
        {
            var blob = await StorageAccounts.OpenBlobAsync(_stack, _source.SubscriptionId, disk.Blob!, Ct);
            await foreach (var snapshot in blob.ListSnapshotsAsync(Ct))
            {
                if (!kept.Contains(snapshot.Name)) left.Add($"snapshot {snapshot.Name} of {disk.Name}");
            }
        }

        await foreach (var session in _store!.ListAsync("sessions/", Ct)) left.Add(session.Name);
        return left;
    }

    public async ValueTask DisposeAsync()
    {
        _vault.Dispose();
        _store?.Dispose();
        (_stack as IDisposable)?.Dispose();
        _budget.Dispose();
        _http.Dispose();
        await _source.DisposeAsync();
        await _target.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Opens the container anew, as after its SAS has ended.</summary>
    public async Task OpenContainerAsync()
    {
        using var target = (IDisposable)await SignInAsync(_target);
        var stack = (IStack)target;
        var id = ResourceId.Create(_target.SubscriptionId, "vaults", "Microsoft.Storage/storageAccounts", "vaultaccount");
        await stack.Resources.PutAsync(ResourceId.CreateGroup(_target.SubscriptionId, "vaults"), new JsonObject { ["location"] = _target.Location }, Ct);
        var account = await stack.Resources.PutAsync(
            id,
            new JsonObject
            {
                ["location"] = _target.Location,
                ["kind"] = "Storage",
                ["sku"] = new JsonObject { ["name"] = "Standard_LRS" },
                ["properties"] = new JsonObject(),
            },
            Ct);
        var keys = await stack.Resources.PostAsync(id, "listKeys", null, Ct);
        var key = keys!.Value.GetProperty("keys")[0].GetProperty("value").GetString()!;
        var endpoint = new Uri(account.FindText("properties", "primaryEndpoints", "blob")!);
        await stack.OpenBlobAccount(endpoint, id.Name, key).EnsureContainerAsync("vault", Ct);

        var sas = SasText.Service(
            Convert.FromBase64String(key), "c", "vault", null, "rcwdl", DateTimeOffset.UtcNow.AddDays(1).AddSeconds(_opened++), account: id.Name);
        var access = new BlobContainerAccess
        {
            ContainerUri = new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/vault?{sas}"),
            CaCertificatePath = _target.CaCertificatePath,
        };
        var isNew = _vault is null;
        _vault?.Dispose();
        _store?.Dispose();
        _store = BlobObjectStore.Open(access, _clock, new Random(1));
        _vault = isNew
            ? await BackupVault.CreateAsync(_store, new VaultOptions { ChunkSize = VaultOptions.MinimumChunkSize }, null, VaultRuntime.System, Ct)
            : await BackupVault.OpenAsync(_store, null, VaultRuntime.System, Ct);
    }

    private int _opened;

    private static async Task<IStack> SignInAsync(EmulatedStack emulated, TimeProvider clock) =>
        await new StackConnector(clock, new Random(1)).ConnectAsync(
            new StackSignIn
            {
                ArmEndpoint = emulated.ArmEndpoint,
                TenantId = emulated.TenantId,
                CaCertificatePath = emulated.CaCertificatePath,
                Credential = new ClientSecretSignIn(emulated.ClientId, FakeStack.Secure(emulated.ClientSecret)),
            },
            new SilentRunLog(),
            Ct);

    private Task<IStack> SignInAsync(EmulatedStack emulated) => SignInAsync(emulated, _clock);

    private ResourceId VmId => ResourceId.Create(_source.SubscriptionId, Group, "Microsoft.Compute/virtualMachines", _scene.Vm);

    private Uri Control(bool onVault) => new((onVault ? _target : _source).ControlEndpoint, "faults");

    private VmPointCatalog Catalog() => new(
        _vault,
        new AzsBackupVault
        {
            Id = _vault.Info.Id,
            Path = _folder,
            FormatVersion = _vault.Info.FormatVersion,
            ChunkSizeBytes = _vault.Info.ChunkSize,
            Encrypted = _vault.Info.Encrypted,
            CreatedAt = _vault.Info.CreatedAt,
            RecoveryPoints = 0,
        },
        Log);

    // Half of it holes.
    private static string Write(string folder, string name, int seed)
    {
        var content = new byte[3 << 20];
        new Random(seed).NextBytes(content.AsSpan(0, 1 << 20));
        new Random(seed + 10).NextBytes(content.AsSpan(2 << 20, 300_000));
        var file = Path.Combine(folder, name + ".img");
        File.WriteAllBytes(file, content);
        return file;
    }

    /// <summary>The hash of what the guest sees: restored files have a footer, images may end in zeros that a disk goes on with.</summary>
    private static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        var length = stream.Length - (file.EndsWith(".vhd", StringComparison.Ordinal) ? 512 : 0);
        var content = new byte[Math.Min(length, 8 << 20)];
        stream.ReadExactly(content);
        return Convert.ToHexString(SHA256.HashData(content.AsSpan().TrimEnd((byte)0))) + (length > content.Length ? " and more" : "");
    }
}
