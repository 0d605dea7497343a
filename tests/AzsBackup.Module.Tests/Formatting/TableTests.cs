using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Formatting;

public sealed class TableTests
{
    private const long Large = 1_073_112_678_000;
    private static readonly DateTime Time = new(2026, 11, 22, 3, 4, 5, DateTimeKind.Utc);
    private static readonly TimeSpan Long = new(2, 5, 0);

    /// <summary>Type, width, and what must be readable at that width.</summary>
    public static TheoryData<string, int, string[]> Tables()
    {
        var tables = new TheoryData<string, int, string[]>();
        foreach (var (type, narrow, wide) in new (string, string[], string[])[]
        {
            ("AzsStackConnection", ["* contoso-stamp-a", "management.local.azurestack.external", "Adfs"], ["Contoso production"]),
            ("AzsStackReadiness", ["contoso-stamp-a", "Role: Start-AzsVmBackup", "Missing", "do not allow", "Ask for a role"], []),
            ("AzsBackupVault", ["2026-11-22 03:04:05", "1234", "True", "1 MiB", "/mnt/nas01/backup"], ["/mnt/nas01/backup/azure-stack/contoso-production"]),
            ("AzsBackupVaultKey", ["* certificate", "2026-11-22 03:04:05", "0123456789abcdef0123456789abcdef"], ["4f1d"]),
            ("AzsBackupVaultCopy", ["Failed", "contoso-web-prod-001", "2026-11-22 03:04:05", "123456789", "999 GiB"], ["The recovery point"]),
            ("AzsVmRecoveryPoint", ["contoso-web-prod-001", "2026-11-22 03:04:05", "Application", "1.1 TiB", "999 GiB", "2 h 05 m"], ["2026-11-21", "2026-11-22"]),
            ("AzsVmBackupPolicy", ["contoso-nightly-01", "Missed", "2026-11-22 03:04:05"], ["daily at 22:30 (Europe/Berlin)"]),
            ("AzsVmBackupJob", ["contoso-web-prod-001", "Completed", "2026-11-22 03:04:05", "2 h 05 m", "999 GiB"], ["contoso-nightly-01"]),
            ("AzsVmBackupSchedule", ["TaskScheduler", "15", "/srv/schedule/azsbackup.ps1"[..20]], ["schtasks /Create"]),
            ("AzsVaultDamage", ["WrongContent", "True", "2", "points/0a1b2c"], []),
            ("AzsVaultVerification", ["2026-11-22 03:04:05", "False", "123456789", "999 GiB"], ["2 h 05 m"]),
            ("AzsVaultOptimization", ["12", "123456", "999 GiB", "/mnt/nas01"], []),
            ("AzsRecoveryPointDisk", ["web01_OsDisk_1_0a1b2c3d4e5f6", "os", "127 GiB", "PageRangeDiff", "999 GiB", "999 GiB"], []),
            ("AzsVmRestore", ["contoso-web-prod", "2026-11-22 03:04:05", "0 B", "2 h 05 m", "/srv/restore/web"], []),
            ("AzsVmBackupMount", ["contoso-web-prod", "web01_OsDisk_1_0a1b2", "12", "127 GiB", "nbd://127.0.0.1"], []),
            ("AzsVmBackupProof", ["contoso-web-prod", "2026-11-22 03:04:05", "Structure", "True", "2 h 05 m"], ["The superblock is damaged"]),
            ("AzsInspectedVolume", ["web01_OsDisk_1_0a1b2", "128", "127 GiB", "LVM physical volume", "Encrypted"], ["rootfs"]),
            ("AzsVmRestoreCompletion", ["contoso-web-prod-001", "True", "web01_OsDisk_1"], []),
            ("AzsRestoredDisk", ["web01_OsDisk_1_0a1b2c", "12", "127 GiB", "/srv/restore/web01-lun12.vhd"], []),
            ("AzsResourceConfig", ["Captured", "contoso-web", "Network/networkSecurityGroups", "contoso-web-nsg"], ["No reason at all"]),
            ("AzsResourceCapture", ["2026-11-22 03:04:05", "123456", "12", "0123456789abcdef0123456789abcdef"], ["/subscriptions/1"]),
            ("AzsDeploymentFile", ["123", "contoso-production", "799", "12"], ["/srv/deploy/003-contoso"]),
            ("AzsResourceDifference", ["Changed", "contoso-vnet", "properties.subnets[name=web", "10.20.1.0/24", "10.20.2.0"], []),
            ("AzsStackReplica", ["contoso-web-prod-001", "FailedOver", "2026-11-22 03:04:05", "2 h 05 m", "0 B", "999 GiB"], ["management.east.azurestack.external"]),
            ("AzsReplicaDisk", ["web01_OsDisk_1_0a1b2c", "os", "127 GiB", "999 GiB"], ["https://replica.blob.east.azurestack.external/"]),
        })
        {
            tables.Add(type, 80, narrow);
            tables.Add(type, 120, [.. narrow, .. wide]);
        }

        return tables;
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Table_FitsTheWindowAndShowsWhatMatters(string type, int width, string[] essentials)
    {
        using var host = ModuleHost.WithModule(width);
        host.Set("sample", Sample(type)).Invoke("$sample | Out-Default").Succeeded();
        var lines = host.Screen.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.All(lines, line => Assert.True(line.Length < width, line));
        Assert.Contains(lines, line => line.StartsWith("---", StringComparison.Ordinal) || line.StartsWith("- -", StringComparison.Ordinal));
        Assert.All(essentials, essential => Assert.Contains(essential, host.Screen.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryEmittedType_HasATable()
    {
        using var host = ModuleHost.WithModule();
        var emitted = ModelObject.Types.Where(type => type.IsClass && !typeof(Exception).IsAssignableFrom(type)).Select(type => type.Name).Order();
        Assert.Equal(emitted, Tables().Select(row => row.Data.Item1).Distinct().Order());
    }

    private static object Sample(string type) => type switch
    {
        "AzsStackConnection" => ModelObject.Make(
            type, ("Name", "contoso-stamp-a"), ("ArmEndpoint", "https://management.local.azurestack.external/"), ("Identity", "Adfs"), ("SubscriptionName", "Contoso production"), ("IsDefault", true)),
        "AzsStackReadiness" => ModelObject.Make(
            type, ("Stack", "contoso-stamp-a"), ("Probe", "Role: Start-AzsVmBackup"), ("Status", "Missing"),
            ("Detail", "The roles do not allow Microsoft.Compute/snapshots/beginGetAccess/action."), ("NextStep", "Ask for a role that does.")),
        "AzsBackupVault" => ModelObject.Make(
            type, ("Path", "/mnt/nas01/backup/azure-stack/contoso-production"), ("RecoveryPoints", 1234), ("Encrypted", true), ("ChunkSizeBytes", 1 << 20), ("CreatedAt", Time)),
        "AzsVmBackupPolicy" => ModelObject.Make(
            type, ("Name", "contoso-nightly-01"), ("State", "Missed"), ("NextRun", Time), ("LastRun", Time), ("Schedule", "daily at 22:30 (Europe/Berlin)")),
        "AzsVmBackupJob" => ModelObject.Make(
            type, ("VmName", "contoso-web-prod-001"), ("State", "Completed"), ("StartedAt", Time), ("EndedAt", Time + Long), ("BytesStored", Large), ("Policy", "contoso-nightly-01"), ("Error", "The stack refused it.")),
        "AzsVmBackupSchedule" => ModelObject.Make(
            type, ("Format", "TaskScheduler"), ("IntervalMinutes", 15), ("Script", "/srv/schedule/azsbackup.ps1"), ("Install", "schtasks /Create /TN azsbackup")),
        "AzsBackupVaultKey" => ModelObject.Make(
            type, ("Id", "0123456789abcdef0123456789abcdef"), ("Kind", "certificate"), ("CreatedAt", Time), ("PublicKey", "4f1d" + new string('0', 60)), ("IsUsed", true)),
        "AzsBackupVaultCopy" => ModelObject.Make(
            type, ("Status", "Failed"), ("VmName", "contoso-web-prod-001"), ("CreatedAt", Time), ("ChunksCopied", 123456789), ("BytesCopied", Large), ("Reason", "The recovery point is not whole in the source")),
        "AzsVmRecoveryPoint" => ModelObject.Make(
            type, ("VmName", "contoso-web-prod-001"), ("CreatedAt", Time), ("Consistency", "Application"), ("BytesRead", Large), ("BytesStored", Large), ("Duration", Long),
            ("Disks", new[] { Disk(127L << 30), Disk(1L << 40) }), ("LastVerified", Time.Date.AddHours(-2)), ("LastProven", Time.Date)),
        "AzsVaultDamage" => ModelObject.Make(
            type, ("Kind", "WrongContent"), ("ObjectName", "points/0a1b2c3d4e5f60718293a4b5c6d7e8f9/0.0.index"), ("RecoveryPoints", new object[] { "a", "b" }), ("Repaired", true)),
        "AzsVaultVerification" => ModelObject.Make(
            type, ("StartedAt", Time), ("Damaged", 12), ("Repaired", 3), ("RecoveryPointsHurt", 7), ("ChunksRead", 123456789L), ("BytesRead", Large), ("Duration", Long)),
        "AzsVaultOptimization" => ModelObject.Make(
            type, ("PointsRemoved", 12), ("PointsWaiting", 3), ("ChunksDeleted", 123456L), ("BytesFreed", Large), ("ChunksCondemned", 1234L), ("BytesCondemned", Large), ("Duration", Long),
            ("Vault", ModelObject.Make("AzsBackupVault", ("Path", "/mnt/nas01/backup")))),
        "AzsRecoveryPointDisk" => Disk(127L << 30),
        "AzsVmRestore" => ModelObject.Make(
            type, ("VmName", "contoso-web-prod"), ("RecoveryPointTime", Time), ("Path", "/srv/restore/web"), ("Disks", Array.Empty<object>()), ("Duration", Long)),
        "AzsVmBackupMount" => ModelObject.Make(
            type, ("VmName", "contoso-web-prod"), ("DiskName", "web01_OsDisk_1_0a1b2c"), ("Lun", 12), ("SizeBytes", 127L << 30), ("Uri", new Uri("nbd://127.0.0.1:40123/web01-os"))),
        "AzsVmBackupProof" => ModelObject.Make(
            type, ("RecoveryPoint", ModelObject.Make("AzsVmRecoveryPoint", ("VmName", "contoso-web-prod"), ("CreatedAt", Time))), ("Level", "Structure"), ("Passed", true), ("Duration", Long),
            ("Certified", true), ("Damage", new[] { "The superblock is damaged" })),
        "AzsInspectedVolume" => ModelObject.Make(
            type, ("DiskName", "web01_OsDisk_1_0a1b2c"), ("Partition", 128), ("SizeBytes", 127L << 30), ("Kind", "LVM physical volume"), ("State", "Encrypted"), ("Label", "rootfs"), ("Details", "Linux")),
        "AzsVmRestoreCompletion" => ModelObject.Make(type, ("VmName", "contoso-web-prod-001"), ("Undone", true), ("OldDisks", new object[] { "web01_OsDisk_1" })),
        "AzsRestoredDisk" => ModelObject.Make(
            type, ("Name", "web01_OsDisk_1_0a1b2c"), ("Lun", 12), ("SizeBytes", 127L << 30), ("File", "/srv/restore/web01-lun12.vhd")),
        "AzsResourceConfig" => ModelObject.Make(
            type, ("Status", "Captured"), ("ResourceGroupName", "contoso-web"), ("Type", "Microsoft.Network/networkSecurityGroups"), ("Name", "contoso-web-nsg"), ("Reason", "No reason at all")),
        "AzsResourceCapture" => ModelObject.Make(
            type, ("Id", "0123456789abcdef0123456789abcdef"), ("CapturedAt", Time), ("Resources", 123456), ("Missing", 12), ("Scopes", new[] { "/subscriptions/1" })),
        "AzsDeploymentFile" => ModelObject.Make(
            type, ("Number", 123), ("ResourceGroupName", "contoso-production"), ("ResourceCount", 799), ("SecretsNeeded", Enumerable.Repeat("secret", 12).ToArray()), ("File", "/srv/deploy/003-contoso-production.json")),
        "AzsResourceDifference" => ModelObject.Make(
            type, ("Change", "Changed"), ("Name", "contoso-vnet"), ("Path", "properties.subnets[name=web].properties.addressPrefix"), ("ReferenceValue", "10.20.1.0/24"), ("DifferenceValue", "10.20.2.0/24")),
        "AzsStackReplica" => ModelObject.Make(
            type, ("VmName", "contoso-web-prod-001"), ("Health", "FailedOver"), ("LastPoint", Time), ("Rpo", Long), ("Destination", "management.east.azurestack.external"), ("BytesSent", Large), ("Disks", Array.Empty<object>())),
        "AzsReplicaDisk" => ModelObject.Make(
            type, ("Name", "web01_OsDisk_1_0a1b2c"), ("SizeBytes", 127L << 30), ("BytesSent", Large), ("BlobUri", "https://replica.blob.east.azurestack.external/disks/web01-os.vhd")),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No sample."),
    };

    private static object Disk(long sizeBytes) => ModelObject.Make(
        "AzsRecoveryPointDisk", ("Name", "web01_OsDisk_1_0a1b2c3d4e5f6"), ("SizeBytes", sizeBytes), ("BytesRead", Large), ("BytesStored", Large), ("ChangeSource", "PageRangeDiff"));
}
