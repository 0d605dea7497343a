using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Arm.Operations;

namespace AzsBackup.Emulator.Compute;

/// <summary>Virtual machines: their disks and interfaces, their power, their instance view.</summary>
internal sealed class VirtualMachineRoom(StackState stack, ManagedDisks disks) : ResourceRoom(stack)
{
    public const string MachineType = "Microsoft.Compute/virtualMachines";
    private static readonly JsonObject Sizes = ArmJson.ReadResource("vm-sizes.json");
    private readonly VirtualMachineDisks _disks = new(stack, disks);

    public override bool AnnouncesNotification => true;

    public override AsyncStyle WriteStyle => AsyncStyle.StatusDocument;

    public override AsyncStyle DeleteStyle => AsyncStyle.Both;

    public override string CreatingState => "Creating";

    public override void Write(ResourceWrite write)
    {
        JsonObject properties = write.Properties;
        properties.Remove("instanceView");
        RequireSize(properties);
        RequireInterfaces(write);
        if (properties.Text("availabilitySet", "id") is { } set && Stack.Resources.Find(set, "Microsoft.Compute/availabilitySets") is null)
            throw ArmException.MissingReference(set, write.Resource.Id.Text);
        RedactProfile(properties);
        _disks.Write(write);
        write.Keep("vmId", () => Stack.Ids.NewId());
        write.Resource.State ??= VirtualMachinePower.Running;
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand)
    {
        List<ArmResource> extensions = [.. Stack.Resources.Below(resource.Id.Text).Where(child => child.Id.Is(MachineType + "/extensions"))];
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
            body.Ensure("properties")["instanceView"] = InstanceView(resource);
    }

    public override ActionOutcome? Act(ArmResource resource, string action, ArmRequest request)
    {
        string? power = action.ToUpperInvariant() switch
        {
            "START" or "RESTART" or "REDEPLOY" or "REAPPLY" => VirtualMachinePower.Running,
            "POWEROFF" => VirtualMachinePower.Stopped,
            "DEALLOCATE" => VirtualMachinePower.Deallocated,
            _ => null,
        };
        if (ArmPath.Equal(action, "generalize"))
        {
            if (VirtualMachinePower.Of(resource) == VirtualMachinePower.Running)
                throw new ArmException(409, "OperationNotAllowed", $"Operation 'generalize' is not allowed on VM '{resource.Id.Name}' since the VM is running. Please power off the VM first.");
            return new ActionOutcome(AsyncStyle.None, () => null);
        }

        if (power is null)
            return null;
        if (ArmPath.Equal(action, "start") && _disks.Of(resource).FirstOrDefault(disks.IsGranted) is { } exported)
            throw new ArmException(409, "OperationNotAllowed", $"Cannot start VM '{resource.Id.Name}' since disk {exported.Id.Name} has an active shared access signature. Call EndGetAccess on the disk before attempting this operation.");
        return new ActionOutcome(AsyncStyle.Both, () =>
        {
            resource.State = power;
            return null;
        });
    }

    public override JsonNode? Read(ArmResource resource, string child, ArmRequest request) => child.ToUpperInvariant() switch
    {
        "INSTANCEVIEW" => InstanceView(resource),
        "VMSIZES" => Sizes.DeepClone(),
        _ => null,
    };

    private static void RequireSize(JsonObject properties)
    {
        string size = properties.Text("hardwareProfile", "vmSize")
            ?? throw ArmException.Parameter("vmSize", "Required parameter 'vmSize' is missing (null).");
        if (!Sizes.Array("value")!.Any(known => ArmPath.Equal(known.Text("name")!, size)))
            throw ArmException.Parameter("vmSize", $"The value {size} provided for the VM size is not valid. The valid sizes in the current region are: {string.Join(',', Sizes.Array("value")!.Select(known => known.Text("name")))}.");
    }

    /// <summary>Passwords and custom data go in and never come out.</summary>
    private static void RedactProfile(JsonObject properties)
    {
        if (properties.Object("osProfile") is not { } profile)
            return;
        profile.Remove("adminPassword");
        profile.Remove("customData");
        profile.EnsureArray("secrets");
        if (profile.Object("windowsConfiguration") is { } windows)
        {
            foreach (JsonObject content in windows.Array("additionalUnattendContent")?.OfType<JsonObject>() ?? [])
                content.Remove("content");
            windows.Default("provisionVMAgent", true);
            windows.Default("enableAutomaticUpdates", true);
        }

        profile.Object("linuxConfiguration")?.Default("disablePasswordAuthentication", false);
    }

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

    private JsonObject InstanceView(ArmResource resource)
    {
        string power = VirtualMachinePower.Of(resource);
        string now = ArmJson.Stamp(Stack.Now);
        JsonArray Succeeded(string display) =>
            [new JsonObject { ["code"] = "ProvisioningState/succeeded", ["level"] = "Info", ["displayStatus"] = display, ["time"] = now }];
        JsonArray statuses = Succeeded("Provisioning succeeded");
        statuses.Add((JsonNode)new JsonObject { ["code"] = "PowerState/" + power, ["level"] = "Info", ["displayStatus"] = "VM " + power });
        JsonObject view = new()
        {
            ["disks"] = new JsonArray([.. VirtualMachineDisks.Attachments(resource.Properties)
                .Select(disk => new JsonObject { ["name"] = disk.Text("name"), ["statuses"] = Succeeded("Provisioning succeeded") })]),
            ["statuses"] = statuses,
        };
        if (power == VirtualMachinePower.Running)
            view["vmAgent"] = new JsonObject { ["vmAgentVersion"] = "2.2.35.1", ["statuses"] = Succeeded("Ready"), ["extensionHandlers"] = new JsonArray() };
        return view;
    }
}
