using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Authorization;

/// <summary>Role assignments: written once, never changed.</summary>
internal sealed class RoleAssignmentRoom(StackState stack) : AuthorizationRoom(stack)
{
    public override void Write(ResourceWrite write)
    {
        base.Write(write);
        if (!write.IsNew)
            throw new ArmException(409, "RoleAssignmentExists", "The role assignment already exists.");
        if (write.Properties.Text("roleDefinitionId") is null || write.Properties.Text("principalId") is null)
            throw new ArmException(400, "BadRequestFormat", "The request was incorrectly formatted. roleDefinitionId and principalId are required.");
        write.Properties["scope"] = write.Resource.Id.Scope;
    }
}
