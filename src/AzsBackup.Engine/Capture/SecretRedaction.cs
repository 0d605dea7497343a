using System.Text.RegularExpressions;

namespace AzsBackup.Engine.Capture;

/// <summary>
/// What must never be written to a capture, though a stack may return it: properties that hold secrets by their name, and
/// secrets inside texts (signatures of SAS URIs, keys in connection strings).
/// </summary>
public static partial class SecretRedaction
{
    /// <summary>Stands where a secret stood.</summary>
    public const string Mark = "<redacted>";

    private static readonly HashSet<string> SecretProperties = new(StringComparer.OrdinalIgnoreCase)
    {
        "accessKey", "accountKey", "adminPassword", "administratorLoginPassword", "authorizationKey", "clientSecret",
        "connectionString", "customData", "key1", "key2", "password", "passphrase", "preSharedKey", "primaryConnectionString",
        "primaryKey", "primaryMasterKey", "protectedSettings", "protectedSettingsFromKeyVault", "publishingPassword",
        "radiusServerSecret", "sasToken", "secondaryConnectionString", "secondaryKey", "secondaryMasterKey", "secret",
        "sharedKey", "storageAccountKey", "userData", "vpnServerRootCertificateSecret",
    };

    // App settings and other free-form name/value maps keep their names and lose their values.
    private static readonly HashSet<string> SecretMaps = new(StringComparer.OrdinalIgnoreCase)
    {
        "appSettings", "connectionStrings", "environmentVariables",
    };

    /// <summary>Whether a property's whole value is a secret.</summary>
    public static bool IsSecret(string propertyName) => SecretProperties.Contains(propertyName);

    /// <summary>Whether a property is a map or list of free-form settings, whose values may be secrets.</summary>
    public static bool IsSettingsMap(string propertyName) => SecretMaps.Contains(propertyName);

    /// <summary>The text with the secrets inside it replaced.</summary>
    public static string Redact(string text) => InlineSecret().Replace(text, match => match.Groups["name"].Value + Mark);

    [GeneratedRegex(
        @"(?<name>\b(?:sig|AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd|client_secret)=)[^&;,\s""']+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex InlineSecret();
}
