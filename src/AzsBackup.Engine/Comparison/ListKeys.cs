using System.Text.Json;
using System.Text.Json.Nodes;

namespace AzsBackup.Engine.Comparison;

/// <summary>What tells the items of a list apart, and which lists have no order.</summary>
internal static class ListKeys
{
    // In this order: a NIC of a VM has only an id; a data disk may have no name but always has its LUN; a vault's access policy
    // is one per principal.
    private static readonly string[] Candidates = ["name", "id", "lun", "objectId"];

    // Lists of texts or objects that are sets by their meaning. DNS servers, for example, are asked in their order.
    private static readonly HashSet<string> Unordered = new(StringComparer.OrdinalIgnoreCase)
    {
        "actions", "addressPrefixes", "allowedHeaders", "allowedMethods", "allowedOrigins", "assignableScopes", "certificates", "dataActions",
        "destinationAddressPrefixes", "destinationPortRanges", "ipRules", "keys", "notActions", "notDataActions", "notScopes", "permissions",
        "secrets", "sourceAddressPrefixes", "sourcePortRanges", "storage", "virtualNetworkRules", "zones",
        "ARecords", "AAAARecords", "MXRecords", "NSRecords", "PTRRecords", "SRVRecords", "TXTRecords",
    };

    /// <summary>Whether the list with this name is a set.</summary>
    public static bool IsUnordered(string name) => Unordered.Contains(name);

    /// <summary>The property that tells the items of both lists apart; null if there is none.</summary>
    public static string? Find(JsonArray reference, JsonArray difference) => reference.Count + difference.Count == 0
        ? null
        : Array.Find(Candidates, key => IsKey(reference, key) && IsKey(difference, key));

    /// <summary>An item's value of a key; null if it has none.</summary>
    public static string? Value(JsonNode? item, string key) => (item as JsonObject)?[key] switch
    {
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
        JsonValue number when number.GetValueKind() == JsonValueKind.Number => number.ToJsonString(),
        _ => null,
    };

    private static bool IsKey(JsonArray list, string key)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return list.All(item => Value(item, key) is { Length: > 0 } value && seen.Add(value));
    }
}
