using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using AzsBackup.Azure.Connections;
using AzsBackup.BackupWorker;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Restore;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Azure.Fakes;
using AzsBackup.Tests.Engine.Fakes;
using AzsBackup.Vault;
using AzsBackup.Vault.Stores;
using Xunit;

namespace AzsBackup.Tests.Engine.Backup;

/// <summary>An emulated stack, a vault in a folder, and processes that back up from the one to the other over HTTPS until they are killed.</summary>
internal sealed class KillRig : IAsyncDisposable
{
    private const string Group = "contoso-app";

    private readonly HttpClient _control = new();
    private readonly TransferBudget _budget = new(8 * TransferBudget.PieceLength);
    private int _restores;

    private KillRig(string folder, EmulatedStack stack, IStack client)
    {
        Folder = folder;
        Stack = stack;
        Client = client;
        _control.BaseAddress = stack.ControlEndpoint;
    }

    public string Folder { get; }

    public EmulatedStack Stack { get; }

    /// <summary>The stack, as this process sees it.</summary>
    public IStack Client { get; }

    public string VaultFolder => Path.Combine(Folder, "vault");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<KillRig> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("azsbackup-test-").FullName;
        var stack = await EmulatedStack.StartAsync(new EmulatedStackOptions { Estate = "sample", Seed = 1 }, Ct);
        var signIn = new StackSignIn
        {
            ArmEndpoint = stack.ArmEndpoint,
            TenantId = stack.TenantId,
            CaCertificatePath = stack.CaCertificatePath,
            Credential = new ClientSecretSignIn(stack.ClientId, FakeStack.Secure(stack.ClientSecret)),
        };
        var client = await new StackConnector(TimeProvider.System, new Random(1)).ConnectAsync(signIn, new SilentRunLog(), Ct);
        var rig = new KillRig(folder, stack, client);
        await rig.NewVaultAsync();
        return rig;
    }

    public ResourceId VmId(string vm) => ResourceId.Create(Stack.SubscriptionId, Group, "Microsoft.Compute/virtualMachines", vm);

    /// <summary>An empty vault in the place of the one there was, whose snapshots are deleted as well.</summary>
    public async Task NewVaultAsync()
    {
        foreach (var snapshot in await SnapshotsAsync()) await Client.Resources.DeleteAsync(ResourceId.Parse(snapshot), Ct);
        if (Directory.Exists(VaultFolder)) Directory.Delete(VaultFolder, recursive: true);
        using var store = new FolderStore(VaultFolder);
        (await BackupVault.CreateAsync(store, new VaultOptions(), null, VaultRuntime.System, Ct)).Dispose();
    }

    /// <summary>What the guest writes: the first bytes of a disk; what comes after them is zeros.</summary>
    public async Task WriteAsync(string vm, bool isOs, byte[] content)
    {
        var image = Path.Combine(Folder, "image.raw");
        await File.WriteAllBytesAsync(image, content, Ct);
        await WriteAsync(vm, isOs, image);
    }

    /// <summary>What the guest writes: a disk's content, as a file.</summary>
    public Task WriteAsync(string vm, bool isOs, string image) => PostAsync("disks/replace", new { disk = DiskOf(vm, isOs), path = image });

    /// <summary>The SHA-256 of a disk on the stack, its footer included, in lower-case hexadecimal.</summary>
    public async Task<string> HashAsync(string vm, bool isOs)
    {
        using var answer = JsonDocument.Parse(await _control.GetStringAsync("disks/hash?disk=" + Uri.EscapeDataString(DiskOf(vm, isOs)), Ct));
        return answer.RootElement.GetProperty("sha256").GetString()!;
    }

    /// <summary>Puts faults in force; null ends them.</summary>
    public async Task FailAsync(string? faults)
    {
        if (faults is null)
        {
            (await _control.DeleteAsync("faults", Ct)).Dispose();
            return;
        }

        using var content = new StringContent(faults);
        using var response = await _control.PostAsync("faults", content, Ct);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Starts a process that backs VMs up.</summary>
    public async Task<BackupProcess> BeginAsync(bool isOffline, params IEnumerable<string> vms)
    {
        var order = new BackupOrder
        {
            ArmEndpoint = Stack.ArmEndpoint,
            CaCertificatePath = Stack.CaCertificatePath,
            TenantId = Stack.TenantId,
            ClientId = Stack.ClientId,
            ClientSecret = Stack.ClientSecret,
            Vault = VaultFolder,
            VmIds = [.. vms.Select(vm => VmId(vm).ToString())],
            IsOffline = isOffline,
        };
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "AzsBackup.BackupWorker.dll")];
        var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteAsync(JsonSerializer.Serialize(order));
        process.StandardInput.Close();
        return await BackupProcess.StartedAsync(process, Ct);
    }

    /// <summary>Backs VMs up to the end.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(bool isOffline, params IEnumerable<string> vms)
    {
        using var process = await BeginAsync(isOffline, vms);
        var lines = await process.EndAsync(Ct);
        Assert.True(process.ExitCode == 0, string.Join(Environment.NewLine, lines));
        return lines;
    }

    /// <summary>Bytes of the stack's disks that were answered so far.</summary>
    public long BytesServed => Stack.ContentBytesServed;

    /// <summary>The points of the vault that are offered for restore.</summary>
    public Task<List<AzsVmRecoveryPoint>> PointsAsync() => WithVaultAsync((_, catalog) => catalog.ListAsync(Ct).ToListAsync(Ct).AsTask());

    /// <summary>Reads a point's disks, all that is stored of them; what is not stored is zeros. Gives their bytes up to the zeros at their ends.</summary>
    public Task<IReadOnlyList<byte[]>> ReadAsync(AzsVmRecoveryPoint point) => WithVaultAsync<IReadOnlyList<byte[]>>(async (vault, _) =>
    {
        var reader = await vault.OpenPointAsync(point.Id, Ct);
        var disks = new List<byte[]>();
        foreach (var stream in reader.Streams)
        {
            var used = new MemoryStream();
            var chunk = new byte[stream.ChunkSize];
            foreach (var stored in stream.Chunks)
            {
                var length = await reader.ReadChunkAsync(stream, stored.Number, chunk, Ct);
                var at = stored.Number * stream.ChunkSize;
                var guest = (int)Math.Min(length, stream.Length - VhdFooter.Length - at);
                if (!chunk.AsSpan(0, guest).ContainsAnyExcept((byte)0)) continue;
                used.Position = at;
                used.Write(chunk, 0, guest);
            }

            disks.Add(used.ToArray().AsSpan().TrimEnd((byte)0).ToArray());
        }

        return disks;
    });

    /// <summary>Restores a point's disks to files as anybody would. Gives the files' SHA-256, in lower-case hexadecimal.</summary>
    public Task<IReadOnlyList<string>> RestoreAsync(AzsVmRecoveryPoint point) => WithVaultAsync<IReadOnlyList<string>>(async (vault, _) =>
    {
        var path = Path.Combine(Folder, $"out{_restores++}");
        var restore = new VmRestore(vault, _budget, TimeProvider.System, new RecordingLog());
        var restored = await restore.RunAsync(VmRestore.Plan(point, new VmRestoreOptions { Path = path }), Ct);
        var hashes = new List<string>();
        foreach (var disk in restored.Disks)
        {
            await using var file = File.OpenRead(disk.File!);
            hashes.Add(Convert.ToHexStringLower(await SHA256.HashDataAsync(file, Ct)));
        }

        Directory.Delete(path, recursive: true);
        return hashes;
    });

    /// <summary>Who may be writing to the vault.</summary>
    public Task<IReadOnlyList<VaultWriter>> WritersAsync() => WithVaultAsync((vault, _) => vault.ListWritersAsync(Ct));

    /// <summary>What runs have written about themselves: the names of the objects, without files that a killed process never gave their names.</summary>
    public IReadOnlyList<string> RunObjects() => Directory.Exists(Path.Combine(VaultFolder, "runs"))
        ? Directory.GetFiles(Path.Combine(VaultFolder, "runs"), "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".tmp", StringComparison.Ordinal))
            .Select(file => $"{Path.GetFileName(Path.GetDirectoryName(file))![..6]}/{Path.GetFileName(file)}").ToList()
        : [];

    /// <summary>The turns that runs have taken.</summary>
    public IEnumerable<string> Turns() => RunObjects().Where(name => name.EndsWith(".turn", StringComparison.Ordinal));

    /// <summary>The snapshots on the stack, of managed disks and of blobs.</summary>
    public async Task<IReadOnlyList<string>> SnapshotsAsync(params IEnumerable<string> vms)
    {
        const string type = "Microsoft.Compute/snapshots";
        var found = new List<string>();
        await foreach (var snapshot in Client.Resources.ListAsync($"/subscriptions/{Stack.SubscriptionId}/providers/{type}", type, Ct))
            found.Add(snapshot.Id.ToString());
        foreach (var vm in vms)
        {
            var described = await VmDescription.ReadAsync(Client, VmId(vm), Ct);
            foreach (var uri in described.Disks.Select(disk => disk.Blob).OfType<Uri>())
            {
                var blob = await StorageAccounts.OpenBlobAsync(Client, Stack.SubscriptionId, uri, Ct);
                await foreach (var snapshot in blob.ListSnapshotsAsync(Ct)) found.Add(snapshot.Name);
            }
        }

        return found;
    }

    /// <summary>How many SAS of disks and snapshots are in force.</summary>
    public async Task<int> ActiveSasAsync()
    {
        using var state = JsonDocument.Parse(await _control.GetStringAsync("state", Ct));
        return state.RootElement.GetProperty("activeSas").GetInt32();
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        _budget.Dispose();
        ((IDisposable)Client).Dispose();
        await Stack.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private string DiskOf(string vm, bool isOs) => vm == "db-1"
        ? $"https://contosoappdata.blob.{Stack.Location}.azurestack.external/vhds/{vm}-{(isOs ? "os" : "data")}.vhd"
        : $"/subscriptions/{Stack.SubscriptionId}/resourceGroups/{Group}/providers/Microsoft.Compute/disks/{vm}-{(isOs ? "os" : "data")}";

    private async Task PostAsync(string path, object body)
    {
        using var content = new StringContent(JsonSerializer.Serialize(body));
        using var response = await _control.PostAsync(path, content, Ct);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Ct));
    }

    private async Task<T> WithVaultAsync<T>(Func<BackupVault, VmPointCatalog, Task<T>> use)
    {
        using var store = new FolderStore(VaultFolder);
        using var vault = await BackupVault.OpenAsync(store, null, VaultRuntime.System, Ct);
        var description = new AzsBackupVault
        {
            Id = vault.Info.Id,
            Path = Folder,
            FormatVersion = vault.Info.FormatVersion,
            ChunkSizeBytes = vault.Info.ChunkSize,
            Encrypted = vault.Info.Encrypted,
            CreatedAt = vault.Info.CreatedAt,
            RecoveryPoints = 0,
        };
        var log = new RecordingLog();
        var result = await use(vault, new VmPointCatalog(vault, description, log));
        Assert.Empty(log.Warnings);
        return result;
    }
}
