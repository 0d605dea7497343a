using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Authorization;

/// <summary>One entry of a role's permissions: what it allows, less what it takes back. <c>*</c> in an action stands for any text.</summary>
/// <remarks>Data actions are of later api-versions than a stamp offers, and no data plane of a stamp asks for them.</remarks>
internal sealed record RolePermission(IReadOnlyList<string> Actions, IReadOnlyList<string> NotActions)
{
    public static RolePermission FromJson(JsonNode? node) => new(Texts(node.Array("actions")), Texts(node.Array("notActions")));

    public bool Allows(string action) => Actions.Any(pattern => Matches(pattern, action)) && !NotActions.Any(pattern => Matches(pattern, action));

    public JsonObject ToJson() => new() { ["actions"] = ToArray(Actions), ["notActions"] = ToArray(NotActions) };

    /// <summary>Whether an action fits a pattern; neither's case counts.</summary>
    internal static bool Matches(string pattern, string action) => Matches(pattern.AsSpan(), action.AsSpan());

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> action)
    {
        int star = pattern.IndexOf('*');
        if (star < 0)
            return pattern.Equals(action, StringComparison.OrdinalIgnoreCase);
        if (!action.StartsWith(pattern[..star], StringComparison.OrdinalIgnoreCase))
            return false;
        ReadOnlySpan<char> rest = pattern[(star + 1)..];
        for (int from = star; from <= action.Length; from++)
            if (Matches(rest, action[from..]))
                return true;
        return false;
    }

    private static List<string> Texts(JsonArray? array) => [.. array?.Select(item => item!.GetValue<string>()) ?? []];

    private static JsonArray ToArray(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
