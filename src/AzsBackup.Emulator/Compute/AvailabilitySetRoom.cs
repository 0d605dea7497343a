using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Compute;

/// <summary>Availability sets, which show the VMs in them.</summary>
internal sealed class AvailabilitySetRoom(StackState stack) : ResourceRoom(stack)
{
    public const string SetType = "Microsoft.Compute/availabilitySets";

    public override int CreatedStatus => 200;

    public override bool HasProvisioningState => false;

    public override void Write(ResourceWrite write)
    {
        new ComputeQuotas(Stack).RequireRoomForAvailabilitySet(write);
        write.Properties.Remove("virtualMachines");
        write.Properties.Default("platformFaultDomainCount", 2);
        write.Properties.Default("platformUpdateDomainCount", 5);
        if (write.Properties.Number("platformFaultDomainCount") is < 1 or > 3)
            throw ArmException.Parameter("platformFaultDomainCount", "The specified fault domain count must fall in the range 1 to 3.");
        write.Body.Default("sku", new JsonObject { ["name"] = "Classic" });
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand) =>
        body.Ensure("properties")["virtualMachines"] = new JsonArray([.. Machines(resource).Select(machine => new JsonObject { ["id"] = machine.Id.Text })]);

    public override JsonNode? Read(ArmResource resource, string child, ArmRequest request) => ArmPath.Equal(child, "vmSizes") ? VirtualMachineSize.List() : null;

    public override void BeforeDelete(ArmResource resource)
    {
        if (Machines(resource).Any())
            throw new ArmException(409, "OperationNotAllowed", $"Availability Set '{resource.Id.Name}' cannot be deleted. Before deleting an Availability Set please ensure that it does not contain any VM.");
    }

    private IEnumerable<ArmResource> Machines(ArmResource set) => Stack.References.To(set.Id.Text, VirtualMachineRoom.MachineType);
}
