using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Authorization;

/// <summary>Locks, role definitions and policies: resources that extend a scope and have no location.</summary>
internal class AuthorizationRoom(StackState stack) : ResourceRoom(stack)
{
    private static readonly (string Id, string Name, string[] Actions, string[] NotActions)[] BuiltIn =
    [
        ("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", ["*"], []),
        ("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor", ["*"], ["Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write", "Microsoft.Authorization/elevateAccess/Action"]),
        ("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader", ["*/read"], []),
    ];

    public override bool HasProvisioningState => false;

    public override bool NeedsLocation => false;

    public override void Write(ResourceWrite write)
    {
        if (write.Resource.Id.Is("Microsoft.Authorization/locks") && write.Properties.Text("level") is not ("CanNotDelete" or "ReadOnly"))
            throw new ArmException(400, "LockLevelInvalid", $"The lock level '{write.Properties.Text("level")}' is not valid. The valid levels are 'CanNotDelete, ReadOnly'.");
        write.Body.Remove("location");
    }

    public override JsonNode? Read(ArmResource resource, string child, ArmRequest request)
    {
        if (!resource.Id.Is("Microsoft.Authorization/roleDefinitions"))
            return null;
        if (child != "*")
            return BuiltIn.Where(role => ArmPath.Equal(role.Id, resource.Id.Name)).Select(ToJson).FirstOrDefault();
        string filter = request.Query["$filter"].ToString();
        IEnumerable<JsonNode> custom = Stack.Resources.OfType("Microsoft.Authorization/roleDefinitions")
            .Select(role => (JsonNode)new JsonObject { ["id"] = role.Id.Text, ["type"] = role.Id.Type, ["name"] = role.Id.Name, ["properties"] = role.Properties.DeepClone() });
        return new JsonObject
        {
            ["value"] = new JsonArray([.. BuiltIn.Select(ToJson).Concat(custom)
                .Where(role => !filter.Contains("roleName eq", StringComparison.OrdinalIgnoreCase)
                    || filter.Contains($"'{role.Text("properties", "roleName")}'", StringComparison.OrdinalIgnoreCase))]),
        };
    }

    private JsonNode ToJson((string Id, string Name, string[] Actions, string[] NotActions) role) => new JsonObject
    {
        ["properties"] = new JsonObject
        {
            ["roleName"] = role.Name,
            ["type"] = "BuiltInRole",
            ["description"] = "",
            ["assignableScopes"] = new JsonArray("/"),
            ["permissions"] = new JsonArray(new JsonObject
            {
                ["actions"] = new JsonArray([.. role.Actions.Select(action => JsonValue.Create(action))]),
                ["notActions"] = new JsonArray([.. role.NotActions.Select(action => JsonValue.Create(action))]),
            }),
        },
        ["id"] = $"{Stack.SubscriptionScope}/providers/Microsoft.Authorization/roleDefinitions/{role.Id}",
        ["type"] = "Microsoft.Authorization/roleDefinitions",
        ["name"] = role.Id,
    };
}
