using System.Buffers.Binary;

namespace AzsBackup.Emulator.Blobs.Http;

/// <summary>The value of an x-ms-content-crc64 header: CRC-64 with the polynomial 0x9A6C9329AC4BC9B5 (bits reversed), as AzCopy and the storage SDKs compute it.</summary>
internal static class ContentCrc64
{
    private const ulong Polynomial = 0x9A6C9329AC4BC9B5;
    private const int Slices = 16;

    private static readonly ulong[][] Tables = MakeTables();

    public static string Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> value = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(value, Compute(bytes));
        return Convert.ToBase64String(value);
    }

    private static ulong Compute(ReadOnlySpan<byte> bytes)
    {
        var crc = ulong.MaxValue;
        while (bytes.Length >= Slices)
        {
            var low = crc ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            var high = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
            crc = 0;
            for (var i = 0; i < 8; i++)
                crc ^= Tables[15 - i][(byte)(low >> (8 * i))] ^ Tables[7 - i][(byte)(high >> (8 * i))];
            bytes = bytes[Slices..];
        }

        foreach (var one in bytes)
            crc = (crc >> 8) ^ Tables[0][(byte)(crc ^ one)];
        return ~crc;
    }

    private static ulong[][] MakeTables()
    {
        ulong[][] tables = [.. Enumerable.Range(0, Slices).Select(_ => new ulong[256])];
        for (var value = 0; value < 256; value++)
        {
            var crc = (ulong)value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            tables[0][value] = crc;
        }

        for (var slice = 1; slice < Slices; slice++)
            for (var value = 0; value < 256; value++)
                tables[slice][value] = (tables[slice - 1][value] >> 8) ^ tables[0][(byte)tables[slice - 1][value]];
        return tables;
    }
}
