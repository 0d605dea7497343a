using System.Formats.Tar;
using AzsBackup.Module.Tests.Hosting;
using AzsBackup.Playground.DiskImages;

namespace AzsBackup.Module.Tests.Playground.DiskImages;

public sealed class ArchiveDiskTests : IDisposable
{
    private const long Size = 8 << 20;
    private readonly ScratchFolder _folder = new();
    private readonly MachineFiles _files;

    public ArchiveDiskTests()
    {
        for (var i = 0; i < 40; i++)
            _folder.Write($"root/sdk/{i:00}.txt", [.. Enumerable.Repeat((byte)(i + 1), 300 + (i * 997))]);
        _files = new MachineFiles(_folder.File("root"), "sdk");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CreateAsync_Disk_IsAFixedVhdWhoseArchiveHoldsTheFiles()
    {
        var taken = _files.Take(300_000);
        var disk = await ArchiveDisk.CreateAsync(_files, _folder.File("a.vhd"), Size, taken, TestContext.Current.CancellationToken);

        Assert.Equal(Size, DiskFile.Open(disk.File).Size);
        var members = Read(disk.File);
        Assert.Equal(taken.Select(_files.NameOf), members.Keys);
        Assert.All(taken, file => Assert.Equal(File.ReadAllBytes(file.FullName), members[_files.NameOf(file)]));
    }

    [Fact]
    public async Task CreateAsync_Twice_GivesTheSameBytes()
    {
        var taken = _files.Take(300_000);
        Directory.CreateDirectory(_folder.File("again"));
        var first = await ArchiveDisk.CreateAsync(_files, _folder.File("a.vhd"), Size, taken, TestContext.Current.CancellationToken);
        var second = await ArchiveDisk.CreateAsync(_files, _folder.File("again/a.vhd"), Size, taken, TestContext.Current.CancellationToken);
        Assert.Equal(File.ReadAllBytes(first.File), File.ReadAllBytes(second.File));
    }

    [Fact]
    public async Task UpdateAsync_NextGeneration_ReplacesInPlaceAndAddsAtTheEnd()
    {
        var taken = _files.Take(300_000);
        var added = _files.Take(100_000);
        var first = await ArchiveDisk.CreateAsync(_files, _folder.File("a.vhd"), Size, taken, TestContext.Current.CancellationToken);
        var before = File.ReadAllBytes(first.File);
        var second = await first.UpdateAsync(_folder.File("b.vhd"), 5, added, TestContext.Current.CancellationToken);

        Assert.Equal(before, File.ReadAllBytes(first.File));
        var old = Read(first.File);
        var updated = Read(second.File);
        Assert.All(added, file => Assert.Equal(File.ReadAllBytes(file.FullName), updated[_files.NameOf(file)]));
        Assert.All(old.Keys, name => Assert.Contains(name, updated.Keys));
        Assert.InRange(old.Count(member => !member.Value.AsSpan().SequenceEqual(updated[member.Key])), 1, 5);
        Assert.Equal(Size, DiskFile.Open(second.File).Size);
    }

    private static Dictionary<string, byte[]> Read(string path)
    {
        using var stream = File.OpenRead(path);
        stream.Position = MasterBootRecord.PartitionOffset;
        using var archive = new TarReader(stream);
        var members = new Dictionary<string, byte[]>();
        while (archive.GetNextEntry() is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream!.CopyTo(content);
            if (entry.Name != "filler")
                members.Add(entry.Name, content.ToArray());
        }

        return members;
    }
}
