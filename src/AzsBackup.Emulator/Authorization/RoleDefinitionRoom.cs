using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Authorization;

/// <summary>Role definitions: the built-in ones, and custom ones that tenants write.</summary>
internal sealed class RoleDefinitionRoom(StackState stack) : AuthorizationRoom(stack)
{
    public const string Type = "Microsoft.Authorization/roleDefinitions";

    public override void Write(ResourceWrite write)
    {
        base.Write(write);
        string name = write.Properties.Text("roleName") ?? throw new ArmException(400, "InvalidRoleDefinitionName", "The role definition name is missing.");
        if (BuiltInRole.Find(write.Resource.Id.Name) is not null)
            throw new ArmException(403, "RoleDefinitionUpdateNotAllowed", "The built-in role definition cannot be changed.");
        bool isTaken = BuiltInRole.Find(name) is not null || Stack.Resources.OfType(Type).Any(role => role != write.Resource && !role.Id.Equals(write.Resource.Id) && ArmPath.Equal(role.Properties.Text("roleName") ?? "", name));
        if (isTaken)
            throw new ArmException(409, "RoleDefinitionWithSameNameExists", $"A custom role with the same name already exists in this directory. Use a different name. Role definition name: '{name}'.");
        if (write.Properties.Array("assignableScopes") is not { Count: > 0 })
            throw new ArmException(400, "RoleDefinitionAssignableScopesRequired", "The role definition must have at least one assignable scope.");
        if (write.Properties.Array("permissions") is not { Count: > 0 })
            throw new ArmException(400, "RoleDefinitionPermissionsRequired", "The role definition must have permissions.");
        write.Properties["type"] = "CustomRole";
    }

    public override void BeforeDelete(ArmResource resource)
    {
        bool isAssigned = Stack.Resources.OfType("Microsoft.Authorization/roleAssignments")
            .Any(assignment => assignment.Properties.Text("roleDefinitionId")?.EndsWith("/" + resource.Id.Name, StringComparison.OrdinalIgnoreCase) == true);
        if (isAssigned)
            throw new ArmException(400, "RoleDefinitionHasAssignments", "There are existing role assignments referencing role (code: RoleDefinitionHasAssignments).");
    }

    public override JsonNode? Read(ArmResource resource, string child, ArmRequest request)
    {
        if (child != "*")
            return BuiltInRole.All.FirstOrDefault(role => ArmPath.Equal(role.Id, resource.Id.Name))?.ToJson(Stack.SubscriptionScope);
        string filter = request.Query["$filter"].ToString();
        IEnumerable<JsonObject> custom = Stack.Resources.OfType(Type).Select(role => new JsonObject
        {
            ["properties"] = role.Properties.DeepClone(),
            ["id"] = role.Id.Text,
            ["type"] = Type,
            ["name"] = role.Id.Name,
        });
        IEnumerable<JsonObject> found = BuiltInRole.All.Select(role => role.ToJson(Stack.SubscriptionScope)).Concat(custom).Where(role => Fits(role, filter));
        return new JsonObject { ["value"] = new JsonArray([.. found]) };
    }

    /// <summary>Clients filter by <c>roleName eq 'x'</c> and by <c>type eq 'x'</c>.</summary>
    private static bool Fits(JsonObject role, string filter) =>
        new[] { "roleName", "type" }.All(property => !filter.Contains(property + " eq", StringComparison.OrdinalIgnoreCase)
            || filter.Contains($"{property} eq '{role.Text("properties", property)}'", StringComparison.OrdinalIgnoreCase));
}
