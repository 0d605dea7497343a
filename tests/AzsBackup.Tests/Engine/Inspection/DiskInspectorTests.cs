using System.Buffers.Binary;
using AzsBackup.Engine.Inspection;
using AzsBackup.Model;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzsBackup.Tests.Engine.Inspection;

public sealed class DiskInspectorTests
{
    private const int MiB = 1 << 20;
    private const int Sector = 512;

    private static readonly AzsRecoveryPointDisk Disk = new() { Name = "disk", SizeBytes = 1, ChangeSource = AzsChangeSource.FullRead, BytesRead = 0, BytesStored = 0 };

    /// <summary>What programs for it made is sound; in known places damaged it is not. Offsets below zero count from the end.</summary>
    [Theory]
    [InlineData("ext2", "label", 1024 + 56, 1024 + 24, 8193 * 1024 + 56)]
    [InlineData("ext3", "label", 1024 + 56, 1024 + 24, 8193 * 1024 + 56)]
    [InlineData("ext4", "label", 1024 + 56, 1024 + 500, 8193 * 1024 + 500)]
    [InlineData("XFS", "label", 4, 200)]
    [InlineData("NTFS", "", 40, 80, -Sector + 80, -Sector)]
    [InlineData("FAT32", "LABEL", 11, 40, 6 * Sector + 40, 32 * Sector)]
    [InlineData("FAT16", "LABEL", 11, 16)]
    [InlineData("btrfs", "label", 65536 + 64, 65536 + 1000, 64 * MiB + 1000, 64 * MiB + 64)]
    public async Task Inspect_FileSystem_IsSoundAndDamageIsFound(string kind, string label, params int[] damages)
    {
        var image = await InspectedImages.MakeAsync(kind);

        var sound = Assert.Single(await InspectAsync(image));

        Assert.Equal((kind, AzsVolumeState.Sound, label), (sound.Kind, sound.State, sound.Label));
        foreach (var damage in damages)
        {
            var damaged = image.ToArray();
            var at = damage >= 0 ? damage : image.Length + damage;
            for (var i = 0; i < 4; i++) damaged[at + i] ^= 0xFF;
            var found = Assert.Single(await InspectAsync(damaged));
            Assert.True(found is { State: AzsVolumeState.Damaged } && found.Kind == kind, $"{damage}: {found} {found.Details}");
            Assert.NotEmpty(found.Details);
        }
    }

    [Theory]
    [InlineData("LUKS1", AzsVolumeState.Encrypted)]
    [InlineData("LUKS2", AzsVolumeState.Encrypted)]
    [InlineData("swap", AzsVolumeState.Sound)]
    public async Task Inspect_Recognised_IsSaid(string kind, AzsVolumeState state)
    {
        var found = Assert.Single(await InspectAsync(await InspectedImages.MakeAsync(kind)));
        Assert.Equal((kind, state), (found.Kind, found.State));
    }

    [Fact]
    public async Task Inspect_BitLockerNoiseAndZeros_AreSaidAndNotFailed()
    {
        var bitLocker = new byte[MiB];
        "-FVE-FS-"u8.CopyTo(bitLocker.AsSpan(3));
        var noise = new byte[MiB];
        new Random(1).NextBytes(noise);

        Assert.Equal([AzsVolumeState.Encrypted, AzsVolumeState.Unknown, AzsVolumeState.Empty],
            [(await InspectAsync(bitLocker))[0].State, (await InspectAsync(noise))[0].State, (await InspectAsync(new byte[MiB]))[0].State]);
    }

    [Fact]
    public async Task Inspect_LvmLabel_IsCheckedByItsOwnCrc()
    {
        var disk = new byte[MiB];
        "LABELONE"u8.CopyTo(disk.AsSpan(Sector));
        disk[Sector + 8] = 1;
        disk[Sector + 20] = 32;
        "LVM2 001"u8.CopyTo(disk.AsSpan(Sector + 24));
        BinaryPrimitives.WriteUInt32LittleEndian(disk.AsSpan(Sector + 16), Crc32.Update(0xf597a6cf, disk.AsSpan(Sector + 20, Sector - 20)));

        Assert.Equal(AzsVolumeState.Sound, (await InspectAsync(disk))[0].State);
        disk[Sector + 40] ^= 1;
        Assert.Equal(("LVM physical volume", AzsVolumeState.Damaged), ((await InspectAsync(disk))[0].Kind, (await InspectAsync(disk))[0].State));
    }

    [Fact]
    public async Task Inspect_Gpt_FindsEveryPartitionAndDamageToEitherHeader()
    {
        var image = await GptAsync();
        var rows = await InspectAsync(image);
        Assert.Equal(["GPT", "FAT32", "ext4", "NTFS", "unknown"], rows.Select(row => row.Kind));
        Assert.Equal([null, 1, 2, 3, 4], rows.Select(row => row.Partition));
        Assert.DoesNotContain(rows, row => row.State == AzsVolumeState.Damaged);
        Assert.Equal(MiB, rows[1].OffsetBytes);
        Assert.Equal(40L * MiB, rows[1].SizeBytes);

        foreach (var (at, says) in new[] { (Sector + 60, "first header"), (2 * Sector + 40, "first header"), (image.Length - Sector + 60, "second header"), (image.Length - 33 * Sector + 40, "second header") })
        {
            var damaged = image.ToArray();
            damaged[at] ^= 1;
            rows = await InspectAsync(damaged);
            Assert.Contains(says, rows[0].Details, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(AzsVolumeState.Damaged, rows[0].State);
            Assert.Equal(5, rows.Count);
        }

        image.AsSpan(Sector, Sector).Clear();
        image.AsSpan(image.Length - Sector).Clear();
        Assert.Equal(("GPT", AzsVolumeState.Damaged), (Assert.Single(await InspectAsync(image)).Kind, (await InspectAsync(image))[0].State));
    }

    [Fact]
    public async Task Inspect_GptDiskThatWasEnlarged_IsSound()
    {
        var image = await GptAsync();
        Assert.Equal(AzsVolumeState.Sound, (await InspectAsync([.. image, .. new byte[10 * MiB]]))[0].State);
    }

    [Fact]
    public async Task Inspect_Mbr_FindsPrimaryAndLogicalPartitions()
    {
        var ext = await InspectedImages.MakeAsync("ext4");
        var image = await InspectedImages.PartitionAsync("label: dos\n1M,40M,83\n,,5\n,40M,83\n,,7\n", 128, (1, ext), (42, ext));
        var rows = await InspectAsync(image);
        Assert.Equal(["MBR", "ext4", "ext4", "empty"], rows.Select(row => row.Kind));
        Assert.Equal([null, 1, 5, 6], rows.Select(row => row.Partition));

        image[42 * MiB + 1024 + 500] ^= 1;
        Assert.Equal(AzsVolumeState.Damaged, (await InspectAsync(image))[2].State);

        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(446 + 12), uint.MaxValue);
        rows = await InspectAsync(image);
        Assert.Equal(AzsVolumeState.Damaged, rows[0].State);
        Assert.Contains("behind the end", rows[0].Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_PartThatCantBeRead_IsDamagedAndTheOthersAreLookedAt()
    {
        var disk = new FileDisk(await GptAsync()) { UnreadableFrom = 50 * MiB };
        var rows = await DiskInspector.InspectAsync(Disk, disk, TestContext.Current.CancellationToken);
        Assert.Equal("unreadable", Assert.Single(rows).Kind);
    }

    /// <summary>Whatever a disk holds: it is described, nothing is thrown, and it takes no time.</summary>
    [Fact]
    public async Task Inspect_ArbitraryChanges_NeverThrows()
    {
        var seeds = new List<byte[]> { new byte[MiB] };
        foreach (var kind in new[] { "ext4", "NTFS", "FAT32" }) seeds.Add(await InspectedImages.MakeAsync(kind));
        seeds.Add(await InspectedImages.PartitionAsync("label: dos\n1M,3M,83\n,,5\n,2M,83\n,,7\n", 12));
        seeds.Add(await InspectedImages.PartitionAsync("label: gpt\n1M,3M\n,,\n", 12));
        var change = from place in Gen.Elements(0, 446, 510, Sector, 1024, 2 * Sector, MiB, 4 * MiB, -Sector) from more in Gen.Choose(0, 600) from value in Gen.OneOf(Gen.Elements(0, 0x7F, 0x80, 0xFF), Gen.Choose(0, 255)) select (place, more, value);
        var cases = from seed in Gen.Elements(seeds.ToArray()) from changes in change.ListOf() select (seed, changes);
        Prop.ForAll(cases.ToArbitrary(), input =>
        {
            var (image, changes) = input;
            var before = changes.Select(change => At(image, change.place, change.more)).Where(at => at < image.Length).Distinct().ToDictionary(at => at, at => image[at]);
            try
            {
                foreach (var (place, more, value) in changes.Where(change => At(image, change.place, change.more) < image.Length)) image[At(image, place, more)] = (byte)value;
                Assert.NotEmpty(DiskInspector.InspectAsync(Disk, new FileDisk(image), CancellationToken.None).GetAwaiter().GetResult());
            }
            finally
            {
                foreach (var (at, value) in before) image[at] = value;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(30));
    }

    private static int At(byte[] image, int place, int more) => (place < 0 ? image.Length + place : place) + more;

    private static async Task<byte[]> GptAsync()
    {
        var noise = new byte[4 * MiB];
        new Random(1).NextBytes(noise);
        return await InspectedImages.PartitionAsync(
            "label: gpt\n1M,40M,U\n,40M,L\n,16M,EBD0A0A2-B9E5-4433-87C0-68B6B72699C7\n,4M,L\n",
            128,
            (1, await InspectedImages.MakeAsync("FAT32")),
            (41, await InspectedImages.MakeAsync("ext4")),
            (81, await InspectedImages.MakeAsync("NTFS")),
            (97, noise));
    }

    private static Task<IReadOnlyList<AzsInspectedVolume>> InspectAsync(byte[] image) =>
        DiskInspector.InspectAsync(Disk, new FileDisk(image), TestContext.Current.CancellationToken);
}
