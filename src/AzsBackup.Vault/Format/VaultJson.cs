using System.Text.Json;
using System.Text.Json.Serialization;

namespace AzsBackup.Vault.Format;

/// <summary>How the vault's JSON is read and written: strictly, so that damage never passes as a default value.</summary>
internal static class VaultJson
{
    /// <summary>For sealed objects.</summary>
    public static readonly JsonSerializerOptions Compact = Make(indented: false);

    /// <summary>For what people may look at in an editor.</summary>
    public static readonly JsonSerializerOptions Readable = Make(indented: true);

    private static JsonSerializerOptions Make(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = indented,
        AllowTrailingCommas = false,
        ReadCommentHandling = JsonCommentHandling.Disallow,
    };
}
