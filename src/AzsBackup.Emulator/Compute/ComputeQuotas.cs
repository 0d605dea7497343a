using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Compute;

/// <summary>What an operator's plan allows of compute, and how much of it is used. Deallocated VMs count as running ones do.</summary>
internal sealed class ComputeQuotas(StackState stack)
{
    private const string Cores = "cores";
    private const string Machines = "virtualMachines";
    private const string AvailabilitySets = "availabilitySets";
    private const string ScaleSets = "virtualMachineScaleSets";

    /// <summary>The names, and the limits of a stamp's default plan.</summary>
    private static readonly (string Name, string Display, int Limit)[] Defaults =
    [
        (AvailabilitySets, "Availability Sets", 10),
        (Cores, "Total Regional vCPUs", 100),
        (Machines, "Virtual Machines", 50),
        (ScaleSets, "Virtual Machine Scale Sets", 100),
    ];

    public JsonObject Usages() => new()
    {
        ["value"] = new JsonArray([.. Defaults.Select(quota => new JsonObject
        {
            ["unit"] = "Count",
            ["currentValue"] = Used(quota.Name, except: null),
            ["limit"] = Limit(quota.Name),
            ["name"] = new JsonObject { ["value"] = quota.Name, ["localizedValue"] = quota.Display },
        })]),
    };

    /// <summary>Refuses a VM that would be one too many, or has too many cores.</summary>
    public void RequireRoomFor(ResourceWrite write, VirtualMachineSize size)
    {
        Require(write, Machines, "Virtual Machine", 1, write.IsNew ? 0 : 1);
        Require(write, Cores, "Core", size.Cores, VirtualMachineSize.Find(write.Previous.Text("properties", "hardwareProfile", "vmSize"))?.Cores ?? 0);
    }

    public void RequireRoomForAvailabilitySet(ResourceWrite write) => Require(write, AvailabilitySets, "Availability Set", 1, write.IsNew ? 0 : 1);

    public void RequireRoomForScaleSet(ResourceWrite write) => Require(write, ScaleSets, "Virtual Machine Scale Set", 1, write.IsNew ? 0 : 1);

    private void Require(ResourceWrite write, string name, string display, int wanted, int had)
    {
        // What an estate holds was within its quotas where it was taken.
        if (write.IsLoading || wanted <= had)
            return;
        int others = Used(name, except: write.Resource);
        if (others + wanted > Limit(name))
            throw new ArmException(409, "OperationNotAllowed", $"Operation results in exceeding quota limits of {display}. Maximum allowed: {Limit(name)}, Current in use: {others + had}, Additional requested: {wanted - had}.");
    }

    private int Limit(string name) =>
        stack.Options.ComputeQuotas.TryGetValue(name, out int limit) ? limit : Defaults.Single(quota => quota.Name == name).Limit;

    private int Used(string name, ArmResource? except) => name switch
    {
        Cores => stack.Resources.OfType(VirtualMachineRoom.MachineType).Where(machine => machine != except)
            .Sum(machine => VirtualMachineSize.Find(machine.Properties.Text("hardwareProfile", "vmSize"))?.Cores ?? 0),
        _ => stack.Resources.OfType("Microsoft.Compute/" + name).Count(resource => resource != except),
    };
}
