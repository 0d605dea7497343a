using System.IO.Enumeration;
using System.Text.Json;

namespace AzsBackup.Engine.Readiness;

/// <summary>What roles allow: each gives actions and takes some of them back, and one that allows is enough.</summary>
internal sealed class GrantedActions
{
    private readonly List<(string[] Actions, string[] NotActions)> _roles = [];

    /// <summary>Adds an entry of <c>Microsoft.Authorization/permissions</c>.</summary>
    public void Add(JsonElement permission) => _roles.Add((Read(permission, "actions"), Read(permission, "notActions")));

    /// <summary>Whether an action is allowed. <c>*</c> in a role stands for any text, slashes included; case does not count.</summary>
    public bool Allows(string action) => _roles.Exists(role =>
        Array.Exists(role.Actions, pattern => Matches(pattern, action)) && !Array.Exists(role.NotActions, pattern => Matches(pattern, action)));

    private static bool Matches(string pattern, string action) => FileSystemName.MatchesSimpleExpression(pattern, action, ignoreCase: true);

    private static string[] Read(JsonElement permission, string name) =>
        permission.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(item => item.GetString()!)]
            : [];
}
