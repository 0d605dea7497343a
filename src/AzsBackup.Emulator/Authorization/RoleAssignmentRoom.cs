using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Identity;

namespace AzsBackup.Emulator.Authorization;

/// <summary>Role assignments: written once, never changed.</summary>
internal sealed class RoleAssignmentRoom(StackState stack) : AuthorizationRoom(stack)
{
    public override void Write(ResourceWrite write)
    {
        base.Write(write);
        if (!write.IsNew)
            throw new ArmException(409, "RoleAssignmentExists", "The role assignment already exists.");
        if (write.Properties.Text("roleDefinitionId") is not { } role || write.Properties.Text("principalId") is not { } principal)
            throw new ArmException(400, "BadRequestFormat", "The request was incorrectly formatted. roleDefinitionId and principalId are required.");
        if (!write.IsLoading)
            Check(write.Resource.Id.Scope, role, principal);
        Principal? known = Stack.Principals.FindObject(principal);
        if (known is not null)
            write.Properties["principalType"] = known.Kind.ToString();
        write.Properties["scope"] = write.Resource.Id.Scope;
    }

    private void Check(string scope, string role, string principal)
    {
        string roleName = role[(role.LastIndexOf('/') + 1)..];
        if (BuiltInRole.All.All(builtIn => !ArmPath.Equal(builtIn.Id, roleName)) && Stack.Resources.OfType(RoleDefinitionRoom.Type).All(custom => !ArmPath.Equal(custom.Id.Name, roleName)))
            throw new ArmException(400, "RoleDefinitionDoesNotExist", $"The specified role definition with ID '{roleName}' does not exist.");
        if (Stack.Principals.FindObject(principal) is null)
            throw new ArmException(400, "PrincipalNotFound", $"Principal {principal.Replace("-", "", StringComparison.Ordinal)} does not exist in the directory {Stack.TenantId}.");
        bool isThere = Stack.Resources.OfType("Microsoft.Authorization/roleAssignments").Any(assignment =>
            ArmPath.Equal(assignment.Id.Scope, scope)
            && ArmPath.Equal(assignment.Properties.Text("principalId") ?? "", principal)
            && assignment.Properties.Text("roleDefinitionId")?.EndsWith("/" + roleName, StringComparison.OrdinalIgnoreCase) == true);
        if (isThere)
            throw new ArmException(409, "RoleAssignmentExists", "The role assignment already exists.");
    }
}
