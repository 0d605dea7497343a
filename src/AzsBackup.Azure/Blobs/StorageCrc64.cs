using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AzsBackup.Azure.Blobs;

/// <summary>
/// The CRC-64 of the blob service, in the catalogue of CRCs known as CRC-64/NVME: polynomial 0xAD93D23594C93659, bits reversed, all ones
/// before and after. System.IO.Hashing has only that of ECMA-182, and the storage SDK keeps its own to itself. It finds every error of a
/// single byte, and costs a twentieth of what MD5 does where the processor multiplies polynomials (Gopal et al., "Fast CRC Computation for
/// Generic Polynomials Using PCLMULQDQ Instruction", Intel 2009).
/// </summary>
internal static class StorageCrc64
{
    private const ulong Polynomial = 0xAD93D23594C93659;

    private static readonly ulong[] Tables = MakeTables();
    private static readonly Vector128<ulong> Over512 = FoldBy(512);
    private static readonly Vector128<ulong> Over128 = FoldBy(128);

    /// <summary>The value for nothing.</summary>
    public const ulong Empty = 0;

    /// <summary>The value for bytes that follow others.</summary>
    /// <param name="crc">The value for those before; <see cref="Empty"/> to begin with.</param>
    /// <param name="bytes">What follows.</param>
    public static ulong Append(ulong crc, ReadOnlySpan<byte> bytes)
    {
        var state = ~crc;
        if (Pclmulqdq.IsSupported && bytes.Length >= 128) state = Fold(state, ref bytes);
        return ~Step(state, bytes);
    }

    /// <summary>The value for bytes that follow others, without help of the processor.</summary>
    internal static ulong AppendByTable(ulong crc, ReadOnlySpan<byte> bytes) => ~Step(~crc, bytes);

    private static ulong Step(ulong state, ReadOnlySpan<byte> bytes)
    {
        var tables = Tables;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var word = state ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            state = tables[(7 * 256) + (byte)word] ^ tables[(6 * 256) + (byte)(word >> 8)]
                ^ tables[(5 * 256) + (byte)(word >> 16)] ^ tables[(4 * 256) + (byte)(word >> 24)]
                ^ tables[(3 * 256) + (byte)(word >> 32)] ^ tables[(2 * 256) + (byte)(word >> 40)]
                ^ tables[256 + (byte)(word >> 48)] ^ tables[(byte)(word >> 56)];
        }

        foreach (var value in bytes) state = (state >> 8) ^ tables[(byte)(state ^ value)];
        return state;
    }

    /// <summary>
    /// Takes whole blocks of 64 bytes off the front. Four registers hold 16 bytes each, and what is in them is moved over the next 64
    /// bytes by multiplying; what remains, 16 bytes of the same remainder, goes through the table.
    /// </summary>
    private static ulong Fold(ulong state, ref ReadOnlySpan<byte> bytes)
    {
        var blocks = MemoryMarshal.Cast<byte, Vector128<ulong>>(bytes[..(bytes.Length / 64 * 64)]);
        var first = blocks[0] ^ Vector128.CreateScalar(state);
        var second = blocks[1];
        var third = blocks[2];
        var fourth = blocks[3];
        for (var at = 4; at < blocks.Length; at += 4)
        {
            first = Move(first, Over512) ^ blocks[at];
            second = Move(second, Over512) ^ blocks[at + 1];
            third = Move(third, Over512) ^ blocks[at + 2];
            fourth = Move(fourth, Over512) ^ blocks[at + 3];
        }

        second ^= Move(first, Over128);
        third ^= Move(second, Over128);
        fourth ^= Move(third, Over128);
        Span<byte> rest = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(rest, fourth.GetElement(0));
        BinaryPrimitives.WriteUInt64LittleEndian(rest[8..], fourth.GetElement(1));
        bytes = bytes[(blocks.Length * 16)..];
        return Step(0, rest);
    }

    private static Vector128<ulong> Move(Vector128<ulong> register, Vector128<ulong> factors) =>
        Pclmulqdq.CarrylessMultiply(register, factors, 0x00) ^ Pclmulqdq.CarrylessMultiply(register, factors, 0x11);

    /// <summary>
    /// What the halves of a register are multiplied by to move them over so many bits. The lower half, earlier in the message, lies 64 powers
    /// higher; a product of reversed numbers comes out one power higher than it should, which the exponents make up for.
    /// </summary>
    private static Vector128<ulong> FoldBy(int bits) => Vector128.Create(Reverse(PowerOf(bits + 63)), Reverse(PowerOf(bits - 1)));

    private static ulong PowerOf(int exponent)
    {
        var power = 1UL;
        for (; exponent > 0; exponent--) power = (power << 1) ^ ((power >> 63) == 0 ? 0 : Polynomial);
        return power;
    }

    private static ulong Reverse(ulong value)
    {
        var reversed = 0UL;
        for (var bit = 0; bit < 64; bit++) reversed |= ((value >> bit) & 1) << (63 - bit);
        return reversed;
    }

    private static ulong[] MakeTables()
    {
        var reversed = Reverse(Polynomial);
        var tables = new ulong[8 * 256];
        for (var value = 0; value < 256; value++)
        {
            var entry = (ulong)value;
            for (var bit = 0; bit < 8; bit++) entry = (entry >> 1) ^ ((entry & 1) == 0 ? 0 : reversed);
            tables[value] = entry;
        }

        for (var at = 256; at < tables.Length; at++) tables[at] = (tables[at - 256] >> 8) ^ tables[(byte)tables[at - 256]];
        return tables;
    }
}
