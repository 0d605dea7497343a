using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Arm.Operations;

namespace AzsBackup.Emulator.Compute;

/// <summary>VM extensions: protected settings go in and never come out.</summary>
internal sealed class VirtualMachineExtensionRoom(StackState stack) : ResourceRoom(stack)
{
    public const string ExtensionType = VirtualMachineRoom.MachineType + "/extensions";

    public override bool AnnouncesNotification => true;

    public override AsyncStyle WriteStyle => AsyncStyle.StatusDocument;

    public override AsyncStyle DeleteStyle => AsyncStyle.Both;

    public override string CreatingState => "Creating";

    public override void Write(ResourceWrite write)
    {
        foreach (string required in (string[])["publisher", "type", "typeHandlerVersion"])
            if (write.Properties.Text(required) is null)
                throw ArmException.Parameter(required, $"Required parameter '{required}' is missing (null).");
        // As seen on Azure: Azure/RDS-Templates issue 685.
        if (!write.IsLoading && Machine(write.Resource) is { } machine && VirtualMachinePower.Of(machine) != VirtualMachinePower.Running)
            throw new ArmException(409, "OperationNotAllowed", "Cannot modify extensions in the VM when the VM is not running.");
        write.Properties.Remove("protectedSettings");
        write.Properties.Remove("instanceView");
        write.Body.Default("location", Stack.Location);
        write.Properties.Default("autoUpgradeMinorVersion", false);
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand)
    {
        if (ArmPath.Equal(expand ?? "", "instanceView"))
            body.Ensure("properties")["instanceView"] = VirtualMachineInstanceView.OfExtension(resource);
    }

    private ArmResource? Machine(ArmResource extension) => Stack.Resources.Find(extension.Id.Parent!.Text, VirtualMachineRoom.MachineType);
}
