using AzsBackup.Engine.Mounting;
using AzsBackup.Engine.Mounting.Nbd;
using AzsBackup.Model;
using AzsBackup.Tests.Engine.Backup;
using AzsBackup.Tests.Engine.Fakes;
using AzsBackup.Vault;
using Xunit;

namespace AzsBackup.Tests.Engine.Mounting;

/// <summary>A recovery point of disks with given contents, and what serves them.</summary>
internal sealed class MountRig : IAsyncDisposable
{
    private readonly BackupRig _backup;
    private readonly List<MountedDisk> _mounted = [];

    private MountRig(BackupRig backup, AzsVmRecoveryPoint point)
    {
        _backup = backup;
        Point = point;
        Mounter = new VmMounter(backup.Vault, Cache, RandomSource.System, TimeProvider.System);
    }

    public AzsVmRecoveryPoint Point { get; }

    public ChunkCache Cache { get; } = new(4 << 20);

    public VmMounter Mounter { get; }

    public string Folder => _backup.Folder;

    public BackupVault Vault => _backup.Vault;

    public static async Task<MountRig> CreateAsync(params byte[][] images)
    {
        var backup = await BackupRig.CreateAsync();
        var vm = backup.Stack.AddVm("web", [.. images.Select(image => TestDisks.FromImage(image))]);
        return new MountRig(backup, await backup.BackUpAsync(vm));
    }

    public async Task<IReadOnlyList<AzsVmBackupMount>> MountAsync(bool listed = false)
    {
        var mounted = await Mounter.MountAsync(Point, new MountOptions { Listed = listed }, TestContext.Current.CancellationToken);
        _mounted.AddRange(mounted);
        return [.. mounted.Select(disk => disk.Description)];
    }

    /// <summary>A disk of the point, to be read directly.</summary>
    public async Task<PointDisk> OpenAsync(int disk = 0) =>
        new(Vault, await Vault.OpenPointAsync(Point.Id, TestContext.Current.CancellationToken), Point.Disks[disk], Cache);

    /// <summary>A disk of the point, as it is exported.</summary>
    public async Task<INbdExport> ExportAsync(int disk = 0) => new PointDiskExport(await OpenAsync(disk), "disk", "A disk.", new MountWarnings());

    public Task<List<AzsVmRecoveryPoint>> PointsAsync() => _backup.PointsAsync();

    /// <summary>Changes a byte in the middle of every chunk of the vault.</summary>
    public void DamageChunks()
    {
        foreach (var chunk in Directory.EnumerateFiles(Path.Combine(Folder, "vault", "chunks"), "*", SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(chunk);
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(chunk, bytes);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var disk in _mounted) await disk.DisposeAsync();
        _backup.Dispose();
    }
}
