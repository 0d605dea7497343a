using System.Globalization;
using System.Numerics;

namespace AzsBackup.Engine.Inventory.Network;

/// <summary>IPv4 addresses and prefixes as sets of numbers. A stamp knows no other addresses.</summary>
public static class Ipv4
{
    /// <summary>Every address.</summary>
    public static IntervalSet All { get; } = IntervalSet.Range(0, uint.MaxValue);

    /// <summary>The addresses of a prefix (<c>10.0.0.0/16</c>), an address, or a range (<c>10.0.0.4-10.0.0.9</c>); null for other texts.</summary>
    public static IntervalSet? Parse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash > 0)
        {
            return Address(text[..dash]) is { } first && Address(text[(dash + 1)..]) is { } last ? IntervalSet.Range(first, last) : null;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return Address(text) is { } single ? IntervalSet.Range(single, single) : null;
        if (Address(text[..slash]) is not { } start || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > 32)
        {
            return null;
        }

        var size = 1L << (32 - length);
        return IntervalSet.Range(start & ~(size - 1), (start & ~(size - 1)) + size - 1);
    }

    /// <summary>An address as a number; null if the text is none.</summary>
    public static long? Address(string? text)
    {
        var parts = text?.Split('.');
        if (parts is not { Length: 4 }) return null;
        long number = 0;
        foreach (var part in parts)
        {
            if (!byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return null;
            number = (number << 8) | value;
        }

        return number;
    }

    /// <summary>A number as an address.</summary>
    public static string Text(long address) =>
        FormattableString.Invariant($"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}");

    /// <summary>The fewest prefixes that make up a set, ascending.</summary>
    public static IEnumerable<string> Prefixes(IntervalSet addresses)
    {
        foreach (var (first, last) in addresses.Intervals)
        {
            for (var at = first; at <= last;)
            {
                var aligned = at == 0 ? 32 : BitOperations.TrailingZeroCount(at);
                var fitting = BitOperations.Log2((ulong)(last - at + 1));
                var bits = Math.Min(Math.Min(aligned, fitting), 32);
                yield return bits == 0 ? Text(at) : FormattableString.Invariant($"{Text(at)}/{32 - bits}");
                at += 1L << bits;
            }
        }
    }
}
