using AzsBackup.Playground.DiskImages;

namespace AzsBackup.Module.Tests.Playground.DiskImages;

public sealed class FixedVhdFooterTests
{
    private static readonly DateTimeOffset Created = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1L << 20)]
    [InlineData(30L << 30)]
    [InlineData(1023L << 30)]
    public void FindFault_OfACreatedFooter_IsNull(long size) =>
        Assert.Null(FixedVhdFooter.FindFault(FixedVhdFooter.Create(size, Created, Guid.Empty), size + FixedVhdFooter.Size));

    [Fact]
    public void FindFault_AnyByteFlipped_IsFound()
    {
        const long size = 1L << 30;
        for (var i = 0; i < FixedVhdFooter.Size; i++)
        {
            var footer = FixedVhdFooter.Create(size, Created, Guid.Empty);
            footer[i] ^= 0x10;
            Assert.NotNull(FixedVhdFooter.FindFault(footer, size + FixedVhdFooter.Size));
        }
    }

    [Fact]
    public void FindFault_FileOfAnotherSize_SaysBothSizes()
    {
        var fault = FixedVhdFooter.FindFault(FixedVhdFooter.Create(1 << 20, Created, Guid.Empty), (2 << 20) + FixedVhdFooter.Size);
        Assert.Equal("has a VHD footer for a disk of 1048576 bytes, but holds 2097152", fault);
    }

    /// <summary>Worked out by hand with the calculation in the specification's appendix.</summary>
    [Theory]
    [InlineData(64L << 20, 963, 8, 17)]
    [InlineData(1L << 30, 2080, 16, 63)]
    [InlineData(30L << 30, 62415, 16, 63)]
    public void Create_Geometry_FollowsTheSpecification(long size, int cylinders, int heads, int sectors)
    {
        var footer = FixedVhdFooter.Create(size, Created, Guid.Empty);
        Assert.Equal((cylinders, heads, sectors), ((footer[56] << 8) | footer[57], footer[58], footer[59]));
    }
}
