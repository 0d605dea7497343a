namespace AzsBackup.Engine.Inspection;

/// <summary>
/// CRC-32 (reflected, polynomial 0xEDB88320) from any initial value: GPT begins with all ones and inverts the result, LVM has an
/// initial value of its own and does not. The libraries' versions have one beginning.
/// </summary>
internal static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value => Step((uint)value))];

    /// <summary>The register after these bytes, not inverted.</summary>
    public static uint Update(uint register, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes) register = Table[(byte)(register ^ value)] ^ (register >> 8);
        return register;
    }

    private static uint Step(uint value)
    {
        for (var bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
        return value;
    }
}
