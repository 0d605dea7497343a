using System.Globalization;
using System.Net.Sockets;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Mounting.Nbd;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Mounting;

/// <summary>Serves the disks of recovery points of one vault to NBD clients on this machine, read-only.</summary>
/// <param name="vault">The vault; must stay open as long as anything is mounted.</param>
/// <param name="cache">Shared by everything that is mounted.</param>
/// <param name="random">Makes names that can't be guessed.</param>
/// <param name="clock">The time.</param>
public sealed class VmMounter(BackupVault vault, ChunkCache cache, RandomSource random, TimeProvider clock)
{
    /// <summary>Says which disks would be served.</summary>
    /// <exception cref="AzsException">A disk is not in the point.</exception>
    public static IReadOnlyList<AzsRecoveryPointDisk> Plan(AzsVmRecoveryPoint point, MountOptions options) =>
        options.Disks.Choose(point.VmName, point.Disks, disk => (disk.Name, disk.Lun));

    /// <summary>Serves disks of a point, each on a port of its own, until each is disposed of.</summary>
    /// <returns>One for each disk, in the point's order. If one fails, none is served.</returns>
    /// <exception cref="AzsException">The point is gone or damaged, a disk is not in it, or there is no port.</exception>
    public async Task<IReadOnlyList<MountedDisk>> MountAsync(AzsVmRecoveryPoint point, MountOptions options, CancellationToken cancellationToken)
    {
        var disks = Plan(point, options);
        var reader = await vault.OpenPointAsync(point.Id, cancellationToken).ConfigureAwait(false);
        var mounted = new List<MountedDisk>();
        try
        {
            foreach (var disk in disks) mounted.Add(Serve(point, new PointDisk(vault, reader, disk, cache), options.Listed));
            return mounted;
        }
        catch
        {
            foreach (var disk in mounted) await disk.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private MountedDisk Serve(AzsVmRecoveryPoint point, PointDisk disk, bool listed)
    {
        var warnings = new MountWarnings();
        var place = VmDisk.SlotOf(disk.Disk.Lun);
        var description = string.Create(CultureInfo.InvariantCulture, $"{point.VmName} {place} ({disk.Disk.Name}) of {point.CreatedAt:yyyy-MM-dd HH:mm:ss}Z");
        var export = new PointDiskExport(disk, NameFor(point, place, listed), description, warnings);
        try
        {
            var server = NbdServer.Start(export, listed, clock);
            return new MountedDisk(server, new AzsVmBackupMount
            {
                Uri = server.Uri,
                VmName = point.VmName,
                DiskName = disk.Disk.Name,
                Lun = disk.Disk.Lun,
                SizeBytes = disk.Size,
                RecoveryPoint = point,
                Warnings = warnings,
            });
        }
        catch (SocketException failure)
        {
            throw new AzsException(
                AzsErrorKind.ConnectionFailed,
                "MountPortNotAvailable",
                $"No port of 127.0.0.1 can be listened on: {failure.Message}",
                "Dismount what is not needed any more, and look at what this machine's policy allows.",
                point.ToString(),
                failure);
        }
    }

    private string NameFor(AzsVmRecoveryPoint point, string place, bool listed)
    {
        if (listed) return string.Create(CultureInfo.InvariantCulture, $"{point.VmName}-{point.CreatedAt:yyyyMMdd'T'HHmmss'Z'}-{place}");

        // Short enough to stay on a line of a console, so that it can be copied.
        var secret = new byte[16];
        random.Fill(secret);
        return $"{place}-{Convert.ToHexString(secret).ToLowerInvariant()}";
    }
}
