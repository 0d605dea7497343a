using System.Security.Cryptography;
using AzsBackup.Emulator.Compute;
using AzsBackup.Module.Tests.Hosting;
using AzsBackup.Playground;
using AzsBackup.Playground.DiskImages;

namespace AzsBackup.Module.Tests.Playground.DiskImages;

public sealed class DiskFileTests : IDisposable
{
    private const int Size = 2 << 20;
    private readonly ScratchFolder _folder = new();
    private readonly byte[] _content = [.. Enumerable.Range(0, Size).Select(i => (byte)(i / 4096))];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task HashAsync_OfAVhd_LeavesTheFooterOut()
    {
        var footer = VhdFooter.Create(Size, Guid.Empty, DateTimeOffset.UnixEpoch.AddYears(50));
        var vhd = DiskFile.Open(_folder.Write("a.vhd", [.. _content, .. footer]));
        var raw = DiskFile.Open(_folder.Write("a.img", _content));

        Assert.Equal(Size, vhd.Size);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(_content)), await vhd.HashAsync(TestContext.Current.CancellationToken));
        Assert.Equal(await raw.HashAsync(TestContext.Current.CancellationToken), await vhd.HashAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Open_RawImageNamedVhd_SaysHowToConvert()
    {
        var path = _folder.Write("not.vhd", _content);
        var exception = Assert.Throws<PlaygroundException>(() => DiskFile.Open(path));
        Assert.StartsWith($"{path} can't be used: it has no VHD footer.", exception.Message, StringComparison.Ordinal);
        Assert.Contains("qemu-img convert", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vhdxfile", "is a VHDX image")]
    [InlineData("QFI\u00fb", "is a QCOW2 image")]
    public void Open_AnotherFormat_NamesIt(string magic, string fault)
    {
        var path = _folder.Write("disk.img", [.. magic.Select(character => (byte)character), .. _content.AsSpan(magic.Length)]);
        Assert.Contains(fault, Assert.Throws<PlaygroundException>(() => DiskFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(Size - 1)]
    public void Open_SizeNoDiskHas_IsRefused(int size) =>
        Assert.Throws<PlaygroundException>(() => DiskFile.Open(_folder.Write("disk.img", _content.AsSpan(0, size))));
}
