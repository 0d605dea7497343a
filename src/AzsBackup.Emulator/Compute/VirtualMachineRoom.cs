using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Arm.Operations;

namespace AzsBackup.Emulator.Compute;

/// <summary>Virtual machines: their disks and interfaces, their power, their instance view.</summary>
internal sealed class VirtualMachineRoom(StackState stack, ManagedDisks disks) : ResourceRoom(stack)
{
    public const string MachineType = "Microsoft.Compute/virtualMachines";
    private readonly VirtualMachineDisks _disks = new(stack, disks);
    private readonly VirtualMachineActions _actions = new(stack, new VirtualMachineDisks(stack, disks), disks);

    public override bool AnnouncesNotification => true;

    public override AsyncStyle WriteStyle => AsyncStyle.StatusDocument;

    public override AsyncStyle DeleteStyle => AsyncStyle.Both;

    public override string CreatingState => "Creating";

    public override void Write(ResourceWrite write)
    {
        JsonObject properties = write.Properties;
        properties.Remove("instanceView");
        VirtualMachineProfile.Keep(write);
        // An estate may come from another cloud, with sizes of its own.
        VirtualMachineSize? size = write.IsLoading ? null : VirtualMachineSize.Require(properties);
        RequireInterfaces(write);
        if (properties.Text("availabilitySet", "id") is { } set && Stack.Resources.Find(set, AvailabilitySetRoom.SetType) is null)
            throw ArmException.MissingReference(set, write.Resource.Id.Text);
        VirtualMachineProfile.Complete(write);
        if (size is not null)
            new ComputeQuotas(Stack).RequireRoomFor(write, size);
        _disks.Write(write, size);
        write.Keep("vmId", () => Stack.Ids.NewId());
        write.Resource.State ??= new VirtualMachineState(VirtualMachinePower.Running, Stack.Now, IsGeneralized: false);
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand)
    {
        List<ArmResource> extensions = Extensions(resource);
        if (extensions.Count > 0)
        {
            body["resources"] = new JsonArray([.. extensions.Select(extension =>
            {
                JsonObject shown = new() { ["id"] = extension.Id.Text, ["name"] = extension.Id.Name, ["type"] = extension.Id.Type, ["location"] = Stack.Location };
                JsonObject properties = (JsonObject)extension.Properties.DeepClone();
                properties["provisioningState"] = extension.ProvisioningState;
                shown["properties"] = properties;
                return shown;
            })]);
        }

        if (ArmPath.Equal(expand ?? "", "instanceView"))
            body.Ensure("properties")["instanceView"] = VirtualMachineInstanceView.Of(resource, extensions);
    }

    public override void AfterRestart(ArmResource resource)
    {
        if (resource.State is VirtualMachineState state && !Stack.Operations.IsRunningOn(resource.Id.Text))
            resource.State = state with { Power = VirtualMachinePower.Settled(state.Power) };
    }

    public override ActionOutcome? Act(ArmResource resource, string action, ArmRequest request) => _actions.Act(resource, action, request);

    public override JsonNode? Read(ArmResource resource, string child, ArmRequest request) => child.ToUpperInvariant() switch
    {
        "INSTANCEVIEW" => VirtualMachineInstanceView.Of(resource, Extensions(resource)),
        "VMSIZES" => VirtualMachineSize.List(),
        _ => null,
    };

    private List<ArmResource> Extensions(ArmResource machine) =>
        [.. Stack.Resources.Below(machine.Id.Text).Where(child => child.Id.Is(VirtualMachineExtensionRoom.ExtensionType))];

    private void RequireInterfaces(ResourceWrite write)
    {
        JsonArray interfaces = write.Properties.Array("networkProfile", "networkInterfaces") is { Count: > 0 } given ? given
            : throw ArmException.Parameter("networkProfile", "Virtual Machine must have at least one network interface.");
        foreach (JsonNode? item in interfaces)
        {
            string id = item.Text("id") ?? throw ArmException.Parameter("networkProfile.networkInterfaces.id", "Required parameter 'id' is missing (null).");
            if (Stack.Resources.Find(id, "Microsoft.Network/networkInterfaces") is null)
                throw ArmException.MissingReference(id, write.Resource.Id.Text);
            if (Stack.References.To(id, MachineType).FirstOrDefault(machine => machine != write.Resource) is { } other)
                throw new ArmException(400, "NicInUse", $"Network Interface {id} is used by existing resource {other.Id}.");
        }
    }
}
