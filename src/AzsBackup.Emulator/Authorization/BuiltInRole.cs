using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Authorization;

/// <summary>A role that every subscription has, as Microsoft defines it (<c>roles.json</c>).</summary>
internal sealed record BuiltInRole(string Id, string Name, string Description, RolePermission Permission)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<BuiltInRole> All { get; } = [.. ArmJson.ReadResource("roles.json").Array("roles")!.Select(role =>
        new BuiltInRole(role.Text("id")!, role.Text("name")!, role.Text("description")!, RolePermission.FromJson(role)))];

    /// <summary>The role of that id or name, or <see langword="null"/>.</summary>
    public static BuiltInRole? Find(string idOrName) => All.FirstOrDefault(role => ArmPath.Equal(role.Id, idOrName) || ArmPath.Equal(role.Name, idOrName));

    public JsonObject ToJson(string subscriptionScope) => new()
    {
        ["properties"] = new JsonObject
        {
            ["roleName"] = Name,
            ["type"] = "BuiltInRole",
            ["description"] = Description,
            ["assignableScopes"] = new JsonArray("/"),
            ["permissions"] = new JsonArray(Permission.ToJson()),
        },
        ["id"] = $"{subscriptionScope}/providers/Microsoft.Authorization/roleDefinitions/{Id}",
        ["type"] = "Microsoft.Authorization/roleDefinitions",
        ["name"] = Id,
    };
}
