using System.Globalization;

namespace AzsBackup.Vault.Format;

/// <summary>Times as the format writes them: UTC, seven decimals, Z.</summary>
internal static class JsonTime
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static string Write(DateTime utc) => utc.ToString(Format, CultureInfo.InvariantCulture);

    public static bool TryRead(string text, out DateTime utc) => DateTime.TryParseExact(
        text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out utc);
}
