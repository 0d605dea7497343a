using AzsBackup.Emulator.Compute;
using Xunit;

namespace AzsBackup.Tests.Emulator.Compute;

public sealed class VhdFooterTests
{
    private static readonly DateTimeOffset Created = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1L << 20)]
    [InlineData(30L << 30)]
    [InlineData(1023L << 30)]
    public void Fault_OfACreatedFooter_IsNull(long size) =>
        Assert.Null(VhdFooter.Fault(VhdFooter.Create(size, Guid.Empty, Created), size + VhdFooter.Length));

    [Fact]
    public void Fault_AnyByteFlipped_IsFound()
    {
        const long size = 1L << 30;
        for (var i = 0; i < VhdFooter.Length; i++)
        {
            var footer = VhdFooter.Create(size, Guid.Empty, Created);
            footer[i] ^= 0x10;
            Assert.NotNull(VhdFooter.Fault(footer, size + VhdFooter.Length));
        }
    }

    [Fact]
    public void Fault_FileOfAnotherSize_SaysBothSizes()
    {
        var fault = VhdFooter.Fault(VhdFooter.Create(1 << 20, Guid.Empty, Created), (2 << 20) + VhdFooter.Length);
        Assert.Equal("its VHD footer says 1048576 bytes and 2097152 are there", fault);
    }

    /// <summary>Worked out by hand with the calculation in the specification's appendix.</summary>
    [Theory]
    [InlineData(64L << 20, 963, 8, 17)]
    [InlineData(1L << 30, 2080, 16, 63)]
    [InlineData(30L << 30, 62415, 16, 63)]
    public void Create_Geometry_FollowsTheSpecification(long size, int cylinders, int heads, int sectors)
    {
        var footer = VhdFooter.Create(size, Guid.Empty, Created);
        Assert.Equal((cylinders, heads, sectors), ((footer[56] << 8) | footer[57], footer[58], footer[59]));
    }
}
