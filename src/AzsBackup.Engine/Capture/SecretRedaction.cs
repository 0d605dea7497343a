using System.Text.RegularExpressions;

namespace AzsBackup.Engine.Capture;

/// <summary>
/// What must never be written to a capture, though a stack may return it: properties that hold secrets by their name, and
/// secrets inside texts (signatures of SAS URIs, keys in connection strings, passwords in command lines). This is the net below
/// the secrets that the type table names.
/// </summary>
public static partial class SecretRedaction
{
    /// <summary>Stands where a secret stood.</summary>
    public const string Mark = "<redacted>";

    // A value of any shape under these names is a secret.
    private static readonly HashSet<string> SecretProperties = new(StringComparer.OrdinalIgnoreCase)
    {
        "accessKey", "accountKey", "adminPassword", "administratorLoginPassword", "authorizationKey", "clientSecret",
        "connectionString", "customData", "key1", "key2", "password", "passphrase", "preSharedKey", "primaryConnectionString",
        "primaryKey", "primaryMasterKey", "protectedSettings", "protectedSettingsFromKeyVault", "publishingPassword",
        "radiusServerSecret", "sasToken", "secondaryConnectionString", "secondaryKey", "secondaryMasterKey", "secret",
        "sharedKey", "storageAccountKey", "userData", "vpnServerRootCertificateSecret",
    };

    private static readonly HashSet<string> SecretMaps = new(StringComparer.OrdinalIgnoreCase)
    {
        "appSettings", "connectionStrings", "environmentVariables",
    };

    /// <summary>Whether a property's whole value is a secret, whatever its shape.</summary>
    public static bool IsSecret(string propertyName) => SecretProperties.Contains(propertyName);

    /// <summary>Whether a text under this name is a secret: names that end as names of secrets do.</summary>
    public static bool LooksSecret(string propertyName) => IsSecret(propertyName) || SecretName().IsMatch(propertyName);

    /// <summary>Whether a property is a map or list of free-form settings, whose values may be secrets.</summary>
    public static bool IsSettingsMap(string propertyName) => SecretMaps.Contains(propertyName);

    /// <summary>The text with the secrets inside it replaced.</summary>
    public static string Redact(string text) => InlineSecret().Replace(text, match => match.Groups["name"].Value + Mark);

    [GeneratedRegex(
        @"(?:password|passwd|pwd|passphrase|secret|secretValue|privateKey|accessKey|accountKey|sharedKey|storageKey|apiKey|encryptionKey|masterKey|workspaceKey|connectionString|sasToken|sasUri|sasUrl|accessToken|refreshToken|authToken|credential)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    // In this order: quoted values, values of connection strings (they end at a semicolon and may hold spaces and equal signs),
    // signatures and codes in queries, escaped ones too, members of JSON in a text, arguments of command lines, user info of URIs.
    [GeneratedRegex(
        """
        (?<name>\b(?:AccountKey|SharedAccessKey|SharedAccessSignature|SharedSecretValue|PrimaryKey|SecondaryKey|ClientSecret|client_secret|Password|Passwd|Pwd)\s*=\s*)(?:"[^"]*"|'[^']*'|[^;"'\r\n]+)
        |(?<name>(?:(?<![a-z])sig(?:=|%3D)|[?&](?:code|access_token)=))[^&;,\s"'<>]+
        |(?<name>\\?"[^"\\]*(?:password|passwd|secret|accountkey|accesskey|sharedkey|storagekey|apikey|privatekey|token|storageAccountKey)\\?"\s*:\s*\\?")(?:[^"\\]|\\[^"])+
        |(?<name>(?:^|\s)(?:--?|/)[a-z-]*(?:password|passwd|pwd|secret|token|apikey|api-key|accountkey|account-key|storageaccountkey|sastoken|sas-token|key)(?:\s+|[=:]\s*))(?:"[^"]*"|'[^']*'|(?!-)\S+)
        |(?<name>-----BEGIN\ [A-Z ]*PRIVATE\ KEY-----).*?(?=-----END|$)
        |(?<name>\b[a-z][a-z0-9+.-]*://[^/\s:@"']+:)[^/\s@"']+(?=@)
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline)]
    private static partial Regex InlineSecret();
}
