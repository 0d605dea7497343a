using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Authorization;

/// <summary>Locks and policies: resources that extend a scope and have no location.</summary>
internal class AuthorizationRoom(StackState stack) : ResourceRoom(stack)
{
    public override bool HasProvisioningState => false;

    public override bool NeedsLocation => false;

    public override void Write(ResourceWrite write)
    {
        if (write.Resource.Id.Is("Microsoft.Authorization/locks") && write.Properties.Text("level") is not ("CanNotDelete" or "ReadOnly"))
            throw new ArmException(400, "LockLevelInvalid", $"The lock level '{write.Properties.Text("level")}' is not valid. The valid levels are 'CanNotDelete, ReadOnly'.");
        write.Body.Remove("location");
    }
}
