using System.Globalization;
using AzsBackup.Model;
using Azure.Storage.Blobs;

namespace AzsBackup.Azure.Blobs;

/// <summary>
/// Blob service versions. They are dates, so the older is the lesser text. A stack refuses one newer than it knows
/// with 400 InvalidHeaderValue.
/// </summary>
internal static class BlobVersion
{
    /// <summary>The newest that stamps accept: since release 2008, and still in 2406 (docs: acs-differences, storage-dev).</summary>
    public const string Default = "2019-07-07";

    /// <summary>Whether a text is a version.</summary>
    public static bool IsOne(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>The failure of a text that is none.</summary>
    public static AzsException Malformed(string text) => new(
        AzsErrorKind.InvalidInput, "BlobVersionMalformed", $"'{text}' is no blob service version.", $"Give a date such as {Default}.", text);

    /// <summary>The version to read a signed URI with: the stack's, unless the signature is of an older one.</summary>
    public static string ForSignedUri(Uri uri, string stackVersion)
    {
        foreach (var part in uri.Query.TrimStart('?').Split('&'))
        {
            if (!part.StartsWith("sv=", StringComparison.OrdinalIgnoreCase)) continue;
            var signed = Uri.UnescapeDataString(part[3..]);
            if (IsOne(signed) && string.CompareOrdinal(signed, stackVersion) < 0) return signed;
        }

        return stackVersion;
    }

    /// <summary>The SDK's name for a version, or for its nearest older one; its oldest for what is older still.</summary>
    public static BlobClientOptions.ServiceVersion NearestKnown(string version)
    {
        var wanted = "V" + version.Replace('-', '_');
        var known = Enum.GetValues<BlobClientOptions.ServiceVersion>();
        return known.Where(value => string.CompareOrdinal(value.ToString(), wanted) <= 0).DefaultIfEmpty(known.Min()).Max();
    }
}
