using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace AzsBackup.Vault;

/// <summary>The name of a chunk: 32 bytes made from its plain content (FORMAT.md §4).</summary>
public readonly record struct ChunkName
{
    /// <summary>How many bytes a name has.</summary>
    public const int Length = 32;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    /// <summary>Reads a name from its bytes.</summary>
    /// <param name="bytes">32 bytes.</param>
    public ChunkName(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Length);
        _high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    /// <summary>The first half. No two chunks of a vault share it: names are 256-bit hashes.</summary>
    internal UInt128 Prefix => _high;

    /// <summary>Reads a name written in 64 lower-case hex digits.</summary>
    /// <param name="text">The digits.</param>
    /// <param name="name">The name.</param>
    public static bool TryParse(ReadOnlySpan<char> text, [MaybeNullWhen(false)] out ChunkName name)
    {
        name = default;
        if (text.Length != 2 * Length || text.ContainsAnyExcept(HexDigits))
            return false;
        name = new ChunkName(Convert.FromHexString(text));
        return true;
    }

    /// <summary>Writes the 32 bytes.</summary>
    /// <param name="destination">Where to; 32 bytes or more.</param>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], _low);
    }

    /// <summary>64 lower-case hex digits.</summary>
    public override string ToString() => $"{_high:x32}{_low:x32}";
}
