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

    /// <summary>
    /// Whether reading failed because of the JSON. Text that no string can hold, half a surrogate pair for one, is not a
    /// <see cref="JsonException"/> where an element is asked for its string.
    /// </summary>
    public static bool IsUnreadable(Exception exception) => exception is JsonException or InvalidOperationException;

    private static JsonSerializerOptions Make(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = indented,
        AllowTrailingCommas = false,
        ReadCommentHandling = JsonCommentHandling.Disallow,
    };
}
