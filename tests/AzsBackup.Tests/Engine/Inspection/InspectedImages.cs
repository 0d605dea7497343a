using AzsBackup.Tests.Engine.Fakes;
using Xunit;

namespace AzsBackup.Tests.Engine.Inspection;

/// <summary>Images of file systems, made by the programs that guests use.</summary>
internal static class InspectedImages
{
    private const int MiB = 1 << 20;

    /// <summary>Makes an image of one file system; the test is skipped where its program is missing.</summary>
    public static async Task<byte[]> MakeAsync(string kind)
    {
        var folder = Directory.CreateTempSubdirectory("azsbackup-inspect-").FullName;
        try
        {
            var file = Path.Combine(folder, "image");
            var (tool, package, size, arguments) = RecipeOf(kind, folder);
            await using (var image = File.Create(file)) image.SetLength((long)size * MiB);
            await Tool.Find(tool, package).RunAsync([.. arguments, file]);
            return await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (string Tool, string Package, int Size, string[] Arguments) RecipeOf(string kind, string folder)
    {
        switch (kind)
        {
            case "ext2" or "ext3" or "ext4":
                return ("mke2fs", "e2fsprogs", 40, ["-q", "-F", "-t", kind, "-b", "1024", "-L", "label"]);
            case "XFS":
                return ("mkfs.xfs", "xfsprogs", 320, ["-q", "-f", "-L", "label"]);
            case "NTFS":
                return ("mkntfs", "ntfs-3g", 16, ["-q", "-F", "-Q", "-L", "label"]);
            case "FAT32" or "FAT16":
                return ("mkfs.fat", "dosfstools", 40, ["-F", kind[3..], "-n", "LABEL"]);
            case "btrfs":
                return ("mkfs.btrfs", "btrfs-progs", 128, ["-q", "-f", "-L", "label"]);
            case "LUKS2" or "LUKS1":
                var key = Path.Combine(folder, "key");
                File.WriteAllText(key, "Kirschbaum");
                return ("cryptsetup", "cryptsetup-bin", 20, ["luksFormat", "--batch-mode", "--type", kind.ToLowerInvariant(), "--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000", "--key-file", key]);
            default:
                return ("mkswap", "util-linux", 1, ["-q"]);
        }
    }

    /// <summary>A disk with a partition table, made by a program for such, and contents in its partitions.</summary>
    /// <param name="sfdisk">What to tell sfdisk.</param>
    /// <param name="mebibytes">The disk's size.</param>
    /// <param name="contents">Contents, with the MiB they begin at.</param>
    public static async Task<byte[]> PartitionAsync(string sfdisk, int mebibytes, params (int At, byte[] Content)[] contents)
    {
        var tool = Tool.Find("sfdisk", "fdisk");
        var folder = Directory.CreateTempSubdirectory("azsbackup-inspect-").FullName;
        try
        {
            var file = Path.Combine(folder, "image");
            await using (var image = File.Create(file)) image.SetLength((long)mebibytes * MiB);
            await tool.FeedAsync(sfdisk, "-q", file);
            var disk = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            foreach (var (at, content) in contents) content.CopyTo(disk, at * MiB);
            return disk;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
