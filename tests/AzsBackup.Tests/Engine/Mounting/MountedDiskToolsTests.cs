using System.Globalization;
using System.Text;
using AzsBackup.Tests.Engine.Fakes;
using Xunit;

namespace AzsBackup.Tests.Engine.Mounting;

/// <summary>What strangers' programs make of a mounted recovery point.</summary>
public sealed class MountedDiskToolsTests
{
    private const int MiB = 1 << 20;

    [Fact]
    public async Task Nbdinfo_TellsSizeNameAndWhatIsAllocated()
    {
        var nbdinfo = Tool.Find("nbdinfo", "libnbd-bin");
        await using var rig = await MountRig.CreateAsync(Sparse(8));
        var uri = (await rig.MountAsync())[0].Uri.ToString();

        Assert.Equal((8 * MiB).ToString(CultureInfo.InvariantCulture), (await nbdinfo.RunAsync("--size", uri)).Trim());
        Assert.Contains("protocol: newstyle-fixed without TLS, using structured packets", await nbdinfo.RunAsync(uri), StringComparison.Ordinal);
        Assert.Equal(0, (await nbdinfo.TryAsync("--is", "read-only", uri)).ExitCode);
        Assert.Equal(0, (await nbdinfo.TryAsync("--can", "multi-conn", uri)).ExitCode);
        var map = (await nbdinfo.RunAsync("--map", uri)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, map.Length);
        Assert.EndsWith("hole,zero", map[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task NbdinfoList_OnlyWhereItIsAllowed()
    {
        var nbdinfo = Tool.Find("nbdinfo", "libnbd-bin");
        await using var rig = await MountRig.CreateAsync(Sparse(2));
        var hidden = (await rig.MountAsync())[0].Uri;
        var listed = (await rig.MountAsync(listed: true))[0].Uri;

        Assert.NotEqual(0, (await nbdinfo.TryAsync("--list", hidden.GetLeftPart(UriPartial.Authority))).ExitCode);
        Assert.Contains("-os", await nbdinfo.RunAsync("--list", listed.GetLeftPart(UriPartial.Authority)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task QemuImg_ComparesIdenticalAndMapsTheSame()
    {
        var qemu = Tool.Find("qemu-img", "qemu-utils");
        await using var rig = await MountRig.CreateAsync(Sparse(8), Sparse(3));
        var mounts = await rig.MountAsync();
        for (var disk = 0; disk < 2; disk++)
        {
            var file = Path.Combine(rig.Folder, $"disk{disk}.raw");
            await File.WriteAllBytesAsync(file, Sparse(disk == 0 ? 8 : 3), TestContext.Current.CancellationToken);

            Assert.Contains("identical", await qemu.RunAsync("compare", "-f", "raw", "-F", "raw", file, mounts[disk].Uri.ToString()), StringComparison.Ordinal);
        }

        Assert.Contains("\"zero\": true", await qemu.RunAsync("map", "--output=json", "-f", "raw", mounts[0].Uri.ToString()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DamagedChunks_FailACopyInsteadOfSpoilingIt()
    {
        var nbdcopy = Tool.Find("nbdcopy", "libnbd-bin");
        await using var rig = await MountRig.CreateAsync(Sparse(8));
        rig.DamageChunks();
        var mount = (await rig.MountAsync())[0];

        Assert.NotEqual(0, (await nbdcopy.TryAsync(mount.Uri.ToString(), Path.Combine(rig.Folder, "copy"))).ExitCode);
        Assert.NotEmpty(mount.Warnings);
    }

    /// <summary>A file of a disk's file system, read from the mounted point without a loop device or a kernel's driver.</summary>
    [Fact]
    public async Task Debugfs_ReadsAKnownFileFromACopyThatIsSparse()
    {
        var (nbdcopy, debugfs, mke2fs, e2fsck) = (Tool.Find("nbdcopy", "libnbd-bin"), Tool.Find("debugfs", "e2fsprogs"), Tool.Find("mke2fs", "e2fsprogs"), Tool.Find("e2fsck", "e2fsprogs"));
        var work = Directory.CreateTempSubdirectory("azsbackup-mount-").FullName;
        try
        {
            var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\n"));
            Directory.CreateDirectory(Path.Combine(work, "files", "etc"));
            await File.WriteAllTextAsync(Path.Combine(work, "files", "etc", "known.txt"), text, TestContext.Current.CancellationToken);
            var image = Path.Combine(work, "ext4");
            await mke2fs.RunAsync("-q", "-t", "ext4", "-d", Path.Combine(work, "files"), image, "48M");
            await using var rig = await MountRig.CreateAsync(await File.ReadAllBytesAsync(image, TestContext.Current.CancellationToken));
            var uri = (await rig.MountAsync())[0].Uri.ToString();
            var copy = Path.Combine(work, "copy");

            await nbdcopy.RunAsync("--connections=4", uri, copy);

            Assert.Equal(text, await debugfs.RunAsync("-R", "cat /etc/known.txt", copy));
            await e2fsck.RunAsync("-fn", copy);
            Assert.True(File.ReadAllBytes(image).AsSpan().SequenceEqual(File.ReadAllBytes(copy)));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Guests' own drivers, straight from NBD. It starts a small virtual machine, which takes its time.</summary>
    [LongFact]
    public async Task Guestfish_ReadsAKnownFileFromNbd()
    {
        var (guestfish, mke2fs) = (Tool.Find("guestfish", "libguestfs-tools"), Tool.Find("mke2fs", "e2fsprogs"));
        var (works, _, why) = await guestfish.TryAsync("-a", "/dev/null", "run");
        Assert.SkipWhen(works != 0, $"guestfish starts no virtual machine here: {why}");
        var work = Directory.CreateTempSubdirectory("azsbackup-mount-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(work, "files"));
            await File.WriteAllTextAsync(Path.Combine(work, "files", "known.txt"), "Kirschbaum", TestContext.Current.CancellationToken);
            var image = Path.Combine(work, "ext4");
            await mke2fs.RunAsync("-q", "-t", "ext4", "-d", Path.Combine(work, "files"), image, "32M");
            await using var rig = await MountRig.CreateAsync(await File.ReadAllBytesAsync(image, TestContext.Current.CancellationToken));
            var uri = (await rig.MountAsync())[0].Uri.ToString();

            Assert.Equal("Kirschbaum", (await guestfish.RunAsync("--ro", "--format=raw", "-a", uri, "run", ":", "mount-ro", "/dev/sda", "/", ":", "cat", "/known.txt")).Trim());
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>A MiB of text, MiB of zeros, and one of noise at the end.</summary>
    private static byte[] Sparse(int mebibytes)
    {
        var image = new byte[mebibytes * MiB];
        image.AsSpan(0, MiB).Fill(0x5A);
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 10_000).Select(i => $"{i} "))).CopyTo(image, 0);
        new Random(mebibytes).NextBytes(image.AsSpan((mebibytes - 1) * MiB));
        return image;
    }
}
