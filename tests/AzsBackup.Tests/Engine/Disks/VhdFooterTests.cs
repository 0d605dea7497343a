using System.Buffers.Binary;
using AzsBackup.Engine.Disks;
using Xunit;

namespace AzsBackup.Tests.Engine.Disks;

public sealed class VhdFooterTests
{
    /// <summary>The footer qemu-img 7.2 wrote for a fixed VHD of 2 MiB (<c>-O vpc -o subformat=fixed,force_size=on</c>).</summary>
    private static byte[] Footer()
    {
        var footer = new byte[VhdFooter.Length];
        Convert.FromHexString(
            "636f6e65637469780000000200010000ffffffffffffffff2f0e8f5f71656d3200050003576932" +
            "6b000000000020000000000000002000000011041100000002").CopyTo(footer, 0);
        Seal(footer);
        return footer;
    }

    [Fact]
    public void Read_FixedVhd_GivesTheDiskSize() => Assert.Equal(2 << 20, VhdFooter.Read(Footer())!.DiskSize);

    [Fact]
    public void Read_AnyFlippedBit_IsNoFooter()
    {
        for (var bit = 0; bit < VhdFooter.Length * 8; bit++)
        {
            var footer = Footer();
            footer[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(VhdFooter.Read(footer));
        }
    }

    [Theory]
    [InlineData(3u)]
    [InlineData(4u)]
    public void Read_DynamicOrDifferencingVhd_IsRefused(uint type)
    {
        var footer = Footer();
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(60), type);
        Seal(footer);

        Assert.Null(VhdFooter.Read(footer));
    }

    [Fact]
    public void Read_WrongLength_IsNoFooter() => Assert.Null(VhdFooter.Read(Footer().AsSpan(1)));

    private static void Seal(byte[] footer)
    {
        footer.AsSpan(64, 4).Clear();
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(64), ~(uint)footer.Sum(value => value));
    }
}
