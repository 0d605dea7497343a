using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Authorization;

/// <summary><c>Microsoft.Authorization/permissions</c>: what the caller may do at a scope.</summary>
internal sealed class PermissionsRoom(StackState stack) : AuthorizationRoom(stack)
{
    public override JsonNode? Read(ArmResource resource, string child, ArmRequest request) => new JsonObject
    {
        ["value"] = new JsonArray([.. (request.Access?.At(request.Path.Scope) ?? []).Select(permission => permission.ToJson())]),
    };
}
