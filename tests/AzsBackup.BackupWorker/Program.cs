using System.Security;
using System.Text.Json;
using AzsBackup.Azure.Connections;
using AzsBackup.BackupWorker;
using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault;
using AzsBackup.Vault.Stores;

// Backs VMs up once, as the order on its input says: "point ID VM" or "failed VM ERROR MESSAGE" on its output as soon as each is done.
var order = JsonSerializer.Deserialize<BackupOrder>(await Console.In.ReadToEndAsync())!;
var log = new ConsoleLog();
using var secret = new SecureString();
foreach (var letter in order.ClientSecret) secret.AppendChar(letter);
var signIn = new StackSignIn
{
    ArmEndpoint = order.ArmEndpoint,
    TenantId = order.TenantId,
    CaCertificatePath = order.CaCertificatePath,
    Credential = new ClientSecretSignIn(order.ClientId, secret),
};
var stack = await new StackConnector(TimeProvider.System, Random.Shared).ConnectAsync(signIn, log, CancellationToken.None);
using var connection = (IDisposable)stack;
using var store = new FolderStore(order.Vault);
using var vault = await BackupVault.OpenAsync(store, null, VaultRuntime.System, CancellationToken.None);
using var budget = new TransferBudget(32 * TransferBudget.PieceLength);
var description = new AzsBackupVault
{
    Id = vault.Info.Id,
    Path = order.Vault,
    FormatVersion = vault.Info.FormatVersion,
    ChunkSizeBytes = vault.Info.ChunkSize,
    Encrypted = vault.Info.Encrypted,
    CreatedAt = vault.Info.CreatedAt,
    RecoveryPoints = 0,
};
using var backup = new VmBackup(
    stack, vault, new VmPointCatalog(vault, description, log), budget, TimeProvider.System, new RandomRunIdSource(), new SystemRandomNumbers(), log);
Console.WriteLine("ready");
var failed = await Task.WhenAll(order.VmIds.Select(BackUpAsync));
return failed.Any(failure => failure) ? 1 : 0;

async Task<bool> BackUpAsync(string vmId)
{
    var vm = ResourceId.Parse(vmId);
    try
    {
        IQuiescence quiescence = order.IsOffline ? new OfflineQuiescence(stack, TimeProvider.System, log) : new NoQuiescence();
        var plan = await backup.PlanAsync(vm, new VmBackupOptions(), CancellationToken.None);
        VmBackupOutcome? outcome = null;
        await backup.RunAsync(
            [plan],
            quiescence,
            (one, _) =>
            {
                outcome = one;
                return Task.CompletedTask;
            },
            CancellationToken.None);
        if (outcome?.Failure is { } failure) throw failure;
        Console.WriteLine($"point {outcome!.Point!.Id} {vm.Name}");
        return false;
    }
    catch (AzsException exception)
    {
        Console.WriteLine($"failed {vm.Name} {exception.ErrorId} {exception.Message}");
        return true;
    }
}
