using System.Buffers.Binary;

namespace AzsBackup.Tests.Vault.Fuzzing;

/// <summary>Damages bytes as storage, a bad program or an enemy would.</summary>
internal static class ByteMutator
{
    private static readonly long[] Numbers =
    [
        0, 1, 2, 7, 16, 24, 40, 255, 256, 65535, 65536, 65537, 262144, 262145, 1 << 20, 64 << 20, (64 << 20) + 1, int.MaxValue, int.MinValue, uint.MaxValue,
        1L << 32, 1L << 40, long.MaxValue, long.MinValue, -1,
    ];

    public static byte[] Mutate(ref FuzzRandom random, byte[] input, byte[] other)
    {
        for (int times = 1 + random.Below(4); times > 0; times--)
            input = Once(ref random, input, other);
        return input;
    }

    private static byte[] Once(ref FuzzRandom random, byte[] input, byte[] other)
    {
        int at = random.Below(input.Length + 1);
        switch (random.Below(10))
        {
            case 0 or 1 when at < input.Length:
                byte[] flipped = [.. input];
                flipped[at] ^= (byte)(1 << random.Below(8));
                return flipped;
            case 2 when at < input.Length:
                byte[] set = [.. input];
                set[at] = (byte)random.Next();
                return set;
            case 3:
                return input[..at];
            case 4:
                return [.. input[..at], .. other[random.Below(other.Length + 1)..]];
            case 5:
                int end = at + random.Below(input.Length - at + 1);
                return [.. input[..at], .. input[end..]];
            case 6:
                int until = at + random.Below(Math.Min(64, input.Length - at) + 1);
                return [.. input[..until], .. input[at..]];
            case 7:
                byte[] noise = new byte[random.Below(64)];
                for (int i = 0; i < noise.Length; i++)
                    noise[i] = (byte)random.Next();
                return [.. input[..at], .. noise, .. input[at..]];
            default:
                return SetNumber(ref random, input);
        }
    }

    /// <summary>A length, a count or an offset that lies: mostly in the first bytes, where such numbers are.</summary>
    private static byte[] SetNumber(ref FuzzRandom random, byte[] input)
    {
        byte[] changed = [.. input];
        int width = 1 << random.Below(4);
        if (changed.Length < width)
            return changed;
        int places = changed.Length - width + 1;
        int at = random.Below(4) == 0 ? random.Below(places) : random.Below(Math.Min(places, 64)) / width * width % places;
        long number = random.Below(3) == 0 ? (long)random.Next() : Numbers[random.Below(Numbers.Length)];
        var place = changed.AsSpan(at, width);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        bytes[..width].CopyTo(place);
        return changed;
    }
}
