using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Arm.Operations;

namespace AzsBackup.Emulator.Compute;

/// <summary>VM scale sets: their description is kept, their instances are not made.</summary>
internal sealed class ScaleSetRoom(StackState stack) : ResourceRoom(stack)
{
    public override AsyncStyle WriteStyle => AsyncStyle.StatusDocument;

    public override AsyncStyle DeleteStyle => AsyncStyle.Both;

    public override string CreatingState => "Creating";

    public override void Write(ResourceWrite write)
    {
        new ComputeQuotas(Stack).RequireRoomForScaleSet(write);
        if (write.Body.Object("sku") is { } sku)
            sku.Default("tier", "Standard");
        write.Properties.Default("singlePlacementGroup", true);
        write.Properties.Default("overprovision", true);
        if (write.Properties.Object("virtualMachineProfile") is { } profile)
        {
            VirtualMachineProfile.Redact(profile);
            foreach (JsonObject extension in profile.Array("extensionProfile", "extensions")?.OfType<JsonObject>() ?? [])
                extension.Object("properties")?.Remove("protectedSettings");
        }

        write.Keep("uniqueId", () => Stack.Ids.NewId());
    }
}
