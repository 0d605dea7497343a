using System.Text;
using AzsBackup.Azure.Blobs;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzsBackup.Tests.Azure.Blobs;

public sealed class StorageCrc64Tests
{
    [Fact]
    public void Append_CheckText_IsTheCatalogueValue() =>
        Assert.Equal(0xAE8B14860A799888, StorageCrc64.Append(StorageCrc64.Empty, Encoding.ASCII.GetBytes("123456789")));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(191)]
    [InlineData(192)]
    [InlineData(1000)]
    [InlineData(65_536)]
    [InlineData(65_599)]
    public void Append_AnyLength_AgreesWithBitByBit(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        Assert.Equal(BitByBit(bytes), StorageCrc64.Append(StorageCrc64.Empty, bytes));
        Assert.Equal(BitByBit(bytes), StorageCrc64.AppendByTable(StorageCrc64.Empty, bytes));
    }

    [Fact]
    public void Append_InPieces_AgreesWithAllAtOnce() => Prop.ForAll<byte[], int, int>((seed, cut, length) =>
    {
        var bytes = new byte[Math.Abs(length % 5000)];
        new Random(seed?.Length ?? 0).NextBytes(bytes);
        var at = bytes.Length == 0 ? 0 : Math.Abs(cut % bytes.Length);
        return StorageCrc64.Append(StorageCrc64.Append(StorageCrc64.Empty, bytes.AsSpan(0, at)), bytes.AsSpan(at)) == BitByBit(bytes);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Append_AnyByteTurned_IsAnother()
    {
        var bytes = new byte[700];
        new Random(7).NextBytes(bytes);
        var whole = StorageCrc64.Append(StorageCrc64.Empty, bytes);
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 0xFF;
            Assert.NotEqual(whole, StorageCrc64.Append(StorageCrc64.Empty, bytes));
            bytes[at] ^= 0xFF;
        }
    }

    private static ulong BitByBit(ReadOnlySpan<byte> bytes)
    {
        var crc = ulong.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x9A6C9329AC4BC9B5;
        }

        return ~crc;
    }
}
