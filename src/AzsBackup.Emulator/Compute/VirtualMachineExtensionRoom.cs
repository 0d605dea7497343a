using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Arm.Operations;

namespace AzsBackup.Emulator.Compute;

/// <summary>VM extensions: protected settings go in and never come out.</summary>
internal sealed class VirtualMachineExtensionRoom(StackState stack) : ResourceRoom(stack)
{
    public override bool AnnouncesNotification => true;

    public override AsyncStyle WriteStyle => AsyncStyle.StatusDocument;

    public override AsyncStyle DeleteStyle => AsyncStyle.Both;

    public override string CreatingState => "Creating";

    public override void Write(ResourceWrite write)
    {
        foreach (string required in (string[])["publisher", "type", "typeHandlerVersion"])
            if (write.Properties.Text(required) is null)
                throw ArmException.Parameter(required, $"Required parameter '{required}' is missing (null).");
        write.Properties.Remove("protectedSettings");
        write.Body.Default("location", Stack.Location);
        write.Properties.Default("autoUpgradeMinorVersion", false);
    }
}
