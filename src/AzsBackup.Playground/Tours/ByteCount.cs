using System.Globalization;

namespace AzsBackup.Playground.Tours;

/// <summary>Bytes for people.</summary>
internal static class ByteCount
{
    /// <summary>A number of bytes in MiB, with one digit behind the point.</summary>
    public static string Text(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB");
}
