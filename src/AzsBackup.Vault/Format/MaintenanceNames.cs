using System.Globalization;

namespace AzsBackup.Vault.Format;

/// <summary>The names of what removing, optimizing and verifying write (FORMAT.md §1).</summary>
internal static class MaintenanceNames
{
    /// <summary>The prefix of what holds for all points of the vault.</summary>
    public const string VaultMarks = "retention/";

    public const string Clocks = "clock/";

    public const string Verified = "verified/";

    public const string Barred = "barred/";

    private const string MarkEnd = "mark";

    /// <summary>The n-th mark of a point, or of the vault.</summary>
    /// <param name="folder">The point's folder, or <see cref="VaultMarks"/>.</param>
    /// <param name="number">From 0.</param>
    public static string Mark(string folder, int number) => string.Create(CultureInfo.InvariantCulture, $"{folder}{number}.{MarkEnd}");

    /// <summary>Whether this object of a folder is a mark; then its number.</summary>
    public static bool TryParseMark(string part, out int number)
    {
        number = 0;
        return part.Split('.') is [var digits, MarkEnd] && TryParseNumber(digits, out number);
    }

    public static string Clock(int number) => string.Create(CultureInfo.InvariantCulture, $"{Clocks}{number}");

    public static bool TryParseClock(string objectName, out int number)
    {
        number = 0;
        return objectName.StartsWith(Clocks, StringComparison.Ordinal) && TryParseNumber(objectName[Clocks.Length..], out number);
    }

    /// <summary>The n-th list of chunks that a verification found right.</summary>
    public static string VerifiedChunks(string runId, int number) => string.Create(CultureInfo.InvariantCulture, $"{Verified}{runId}.{number}.chunks");

    /// <summary>The points that a verification found right.</summary>
    public static string VerifiedPoints(string runId) => $"{Verified}{runId}.points";

    public static bool IsVerifiedChunks(string objectName) =>
        ObjectNames.TryParseId(Verified, objectName, out _, out string more)
        && more.Split('.') is [var digits, "chunks"] && TryParseNumber(digits, out _);

    public static bool IsVerifiedPoints(string objectName) =>
        ObjectNames.TryParseId(Verified, objectName, out _, out string more) && more == "points";

    /// <summary>A list of chunks that were found damaged.</summary>
    public static string Bar(string id) => Barred + id;

    /// <summary>The prefix of all generations of a chunk.</summary>
    public static string Generations(ChunkName name) => ObjectNames.Chunk(name, 0);

    private static bool TryParseNumber(string digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && digits == number.ToString(CultureInfo.InvariantCulture);
}
