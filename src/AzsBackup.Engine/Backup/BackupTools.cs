using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Backup;

/// <summary>What all backups of one command share.</summary>
internal sealed record BackupTools(
    IStack Stack,
    BackupVault Vault,
    VmPointCatalog Catalog,
    TransferBudget Budget,
    TimeProvider Clock,
    IRunIdSource RunIds,
    IRandomNumbers Random,
    IRunLog Log)
{
    /// <summary>What the vault calls the stack.</summary>
    public string SourceName => Stack.HostName.ToLowerInvariant();
}
