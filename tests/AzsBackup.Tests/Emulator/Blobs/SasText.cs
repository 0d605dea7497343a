using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AzsBackup.Tests.Emulator.Blobs;

/// <summary>SAS made by hand, from the documentation: the SDK signs with its own newest version only, which a stamp refuses.</summary>
internal static class SasText
{
    public static string Service(byte[] key, string resource, string container, string? blob, string permissions, DateTimeOffset expiry, string version = "2019-07-07", string? snapshot = null, string account = BlobServiceHost.Account)
    {
        var se = Time(expiry);
        var canonical = $"/blob/{account}/{container}" + (blob is null ? "" : "/" + blob);
        var head = $"{permissions}\n\n{se}\n{canonical}\n\n\n\n{version}\n";
        var tail = "\n\n\n\n";
        var text = string.CompareOrdinal(version, "2018-11-09") < 0 ? head + tail : $"{head}{resource}\n{snapshot}\n{tail}";
        return $"sv={version}&sr={resource}&sp={permissions}&se={Uri.EscapeDataString(se)}&sig={Sign(key, text)}";
    }

    public static string Account(byte[] key, string types, string permissions, DateTimeOffset expiry, string version = "2019-07-07")
    {
        var se = Time(expiry);
        var text = $"{BlobServiceHost.Account}\n{permissions}\nb\n{types}\n\n{se}\n\n\n{version}\n";
        return $"sv={version}&ss=b&srt={types}&sp={permissions}&se={Uri.EscapeDataString(se)}&sig={Sign(key, text)}";
    }

    /// <summary>A container's SAS with any fields, in the order of the text to sign for 2019-07-07.</summary>
    public static string Container(byte[] key, string container, IReadOnlyDictionary<string, string> fields)
    {
        string Field(string name) => fields.GetValueOrDefault(name, "");
        string[] lines =
        [
            Field("sp"), Field("st"), Field("se"), $"/blob/{BlobServiceHost.Account}/{container}", Field("si"), Field("sip"), Field("spr"), "2019-07-07", "c", "",
            Field("rscc"), Field("rscd"), Field("rsce"), Field("rscl"), Field("rsct"),
        ];
        return "sv=2019-07-07&sr=c&" + string.Concat(fields.Select(f => $"{f.Key}={Uri.EscapeDataString(f.Value)}&")) + "sig=" + Sign(key, string.Join('\n', lines));
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Sign(byte[] key, string text) => Uri.EscapeDataString(Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))));
}
