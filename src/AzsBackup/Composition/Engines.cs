using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Jobs;
using AzsBackup.Engine.Mounting;
using AzsBackup.Engine.Proving;
using AzsBackup.Engine.Readiness;
using AzsBackup.Engine.Replication;
using AzsBackup.Engine.Restore;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Composition;

/// <summary>Puts the engine together for the commands: the system's clock and chance, and one memory budget for the process.</summary>
internal static class Engines
{
    // Buffers in flight. With what compression and sealing hold for each, the process stays within the 512 MiB the design allows.
    private const long BufferBytes = 192L << 20;

    // Chunks that mounted disks and tests have read lately.
    private const long CachedBytes = 64L << 20;

    private static readonly ChunkCache Chunks = new(CachedBytes);

    private static readonly RandomRunIdSource RunIds = new();

    private static readonly TransferBudget Budget = new(BufferBytes);

    public static VmBackup Backup(IStack stack, BackupVault vault, AzsBackupVault description, IRunLog log) =>
        new(stack, vault, new VmPointCatalog(vault, description, log), Budget, TimeProvider.System, RunIds, new SystemRandomNumbers(), log);

    public static VmJobBook JobBook(IStack stack, BackupVault vault, IRunLog log) => new(vault, stack, TimeProvider.System, log);

    public static VmRestore Restore(BackupVault vault, IRunLog log) => new(vault, Budget, TimeProvider.System, log);

    public static VmMounter Mounter(BackupVault vault) => new(vault, Chunks, RandomSource.System, TimeProvider.System);

    public static VmProver Prover(BackupVault vault, IBootTrial? boot, IRunLog log) => new(vault, Chunks, TimeProvider.System, log, boot);

    public static BootTrial BootTrial(BackupVault vault, IStack stack, BootOptions options, IRunLog log) =>
        new(StackRestore(vault, stack, log), stack, options, TimeProvider.System, RunIds, log);

    public static VmStackRestore StackRestore(BackupVault vault, IStack stack, IRunLog log) =>
        new(vault, stack, Budget, TimeProvider.System, RunIds, log);

    public static VmInPlaceRestore InPlaceRestore(BackupVault vault, IStack stack, IRunLog log) =>
        new(vault, stack, Budget, TimeProvider.System, RunIds, log);

    public static RestoreCompletion Completion(IStack stack, IRunLog log) => new(stack, TimeProvider.System, log);

    public static ReplicaCycle Replication(IStack source, IStack target, IRunLog log) =>
        new(source, target, Budget, TimeProvider.System, RunIds, log);

    public static ReplicaCatalog Replicas(IStack target) => new(target, TimeProvider.System);

    public static StackReadiness Readiness(IStack stack, IRunLog log) => new(stack, TimeProvider.System, RunIds, log);

    public static ConfigCapture Capture(IStack stack, IRunLog log) => new(stack, TimeProvider.System, log);
}
