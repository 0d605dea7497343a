using System.Diagnostics;
using System.Security;
using System.Text.Json.Nodes;
using AzsBackup.Azure.Connections;
using AzsBackup.Benchmarks.Vault;
using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Restore;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault;
using AzsBackup.Vault.Stores;
using AzsBackup.Vault.Verification;

namespace AzsBackup.Benchmarks.Vm;

/// <summary>
/// What the commands do, in a process that does nothing else: one step, then a line of JSON that says what it cost once the
/// stack was connected and the vault open, and what it did.
/// </summary>
internal sealed class VmStep(string folder, string stackLine) : IRunLog
{
    // What the module gives its commands: Composition/Engines.cs.
    private const long BufferBytes = 192L << 20;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, CancellationToken cancellationToken)
    {
        var step = new VmStep(arguments[1], arguments.Count > 2 ? arguments[2] : "");
        var result = arguments[0] switch
        {
            "backup" => await step.BackUpAsync(cancellationToken),
            "restore" => await step.RestoreAsync(cancellationToken),
            "verify" => await step.VerifyAsync(cancellationToken),
            var unknown => throw new FormatException($"There is no step '{unknown}'."),
        };
        await output.WriteLineAsync(result.ToJsonString());
        return 0;
    }

    public void Verbose(string message)
    {
    }

    public void Warning(string message) => Console.Error.WriteLine(message);

    public void Progress(TransferProgress progress)
    {
    }

    private async Task<JsonObject> BackUpAsync(CancellationToken cancellationToken)
    {
        var stack = await ConnectAsync(JsonNode.Parse(stackLine)!, cancellationToken);
        using var ending = (IDisposable)stack;
        using var store = new FolderStore(Path.Combine(folder, "vault"));
        using var vault = Directory.Exists(store.Location)
            ? await BenchmarkVault.OpenAsync(store, cancellationToken)
            : await BenchmarkVault.CreateAsync(store, VaultOptions.DefaultChunkSize, cancellationToken);
        using var budget = new TransferBudget(BufferBytes);
        using var backup = new VmBackup(
            stack, vault, new VmPointCatalog(vault, Describe(vault), this), budget, TimeProvider.System, new RandomRunIdSource(), new SystemRandomNumbers(), this);
        var id = ResourceId.Parse(
            $"/subscriptions/{stack.Connection.SubscriptionId}/resourceGroups/{StackProcess.Group}/providers/Microsoft.Compute/virtualMachines/{StackProcess.Vm}");
        var meter = Stopwatches.Start();
        var plan = await backup.PlanAsync(id, new VmBackupOptions(), cancellationToken);
        AzsVmRecoveryPoint? point = null;
        await backup.RunAsync(
            [plan],
            new NoQuiescence(),
            (outcome, _) =>
            {
                point = outcome.Point ?? throw outcome.Failure!;
                return Task.CompletedTask;
            },
            cancellationToken);
        return meter.Stop(new JsonObject
        {
            ["changeSource"] = point!.Disks[0].ChangeSource.ToString(),
            ["bytesRead"] = point.BytesRead,
            ["bytesStored"] = point.BytesStored,
            ["duration"] = point.Duration.TotalSeconds,
        });
    }

    private async Task<JsonObject> RestoreAsync(CancellationToken cancellationToken)
    {
        using var store = new FolderStore(Path.Combine(folder, "vault"));
        using var vault = await BenchmarkVault.OpenAsync(store, cancellationToken);
        using var budget = new TransferBudget(BufferBytes);
        var meter = Stopwatches.Start();
        AzsVmRecoveryPoint? newest = null;
        await foreach (var point in new VmPointCatalog(vault, Describe(vault), this).ListAsync(cancellationToken))
            newest = newest is null || point.CreatedAt > newest.CreatedAt ? point : newest;
        var plan = VmRestore.Plan(newest!, new VmRestoreOptions { Path = Path.Combine(folder, "restored") });
        var restored = await new VmRestore(vault, budget, TimeProvider.System, this).RunAsync(plan, cancellationToken);
        return meter.Stop(new JsonObject { ["bytesWritten"] = restored.BytesWritten });
    }

    private async Task<JsonObject> VerifyAsync(CancellationToken cancellationToken)
    {
        using var store = new FolderStore(Path.Combine(folder, "vault"));
        using var vault = await BenchmarkVault.OpenAsync(store, cancellationToken);
        var meter = Stopwatches.Start();
        var result = await new VaultVerifier(vault, new VerifyOptions()).RunAsync(
            (damage, _) => throw new FormatException(damage.Description), cancellationToken);
        return meter.Stop(new JsonObject { ["chunksRead"] = result.ChunksRead, ["bytesRead"] = result.BytesRead });
    }

    private async Task<IStack> ConnectAsync(JsonNode endpoints, CancellationToken cancellationToken)
    {
        using var secret = new SecureString();
        foreach (char character in endpoints["clientSecret"]!.ToString())
            secret.AppendChar(character);
        var signIn = new StackSignIn
        {
            ArmEndpoint = new Uri(endpoints["armEndpoint"]!.ToString()),
            TenantId = endpoints["tenantId"]!.ToString(),
            SubscriptionId = endpoints["subscriptionId"]!.ToString(),
            CaCertificatePath = endpoints["caCertificatePath"]!.ToString(),
            Credential = new ClientSecretSignIn(endpoints["clientId"]!.ToString(), secret),
        };
        return await new StackConnector(TimeProvider.System, Random.Shared).ConnectAsync(signIn, this, cancellationToken);
    }

    private static AzsBackupVault Describe(BackupVault vault) => new()
    {
        Id = vault.Info.Id,
        Path = vault.Info.Location,
        FormatVersion = BackupVault.FormatVersion,
        ChunkSizeBytes = vault.Info.ChunkSize,
        Encrypted = vault.Info.Encrypted,
        CreatedAt = vault.Info.CreatedAt,
        RecoveryPoints = 0,
    };

    /// <summary>Time and processor time since a moment.</summary>
    private readonly record struct Stopwatches(long Begun, TimeSpan Used)
    {
        public static Stopwatches Start() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

        public JsonObject Stop(JsonObject result)
        {
            result["wallSeconds"] = Stopwatch.GetElapsedTime(Begun).TotalSeconds;
            result["cpuSeconds"] = (Environment.CpuUsage.TotalTime - Used).TotalSeconds;
            return result;
        }
    }
}
