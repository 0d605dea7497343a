using System.Buffers.Binary;
using System.Numerics;

namespace AzsBackup.Engine.Inspection;

/// <summary>CRC-32C (Castagnoli), by which ext4, XFS and btrfs protect their superblocks.</summary>
internal static class Crc32C
{
    /// <summary>The register after these bytes, not inverted.</summary>
    public static uint Update(uint register, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            register = BitOperations.Crc32C(register, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes) register = BitOperations.Crc32C(register, value);
        return register;
    }
}
