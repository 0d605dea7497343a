using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Compute;

/// <summary>What a VM's instance view shows.</summary>
internal static class VirtualMachineInstanceView
{
    private const string AgentVersion = "2.2.49.2";

    /// <param name="machine">The VM.</param>
    /// <param name="extensions">The extensions in it.</param>
    public static JsonObject Of(ArmResource machine, IEnumerable<ArmResource> extensions)
    {
        VirtualMachineState state = (VirtualMachineState)machine.State!;
        JsonObject view = new();
        if (state.Power == VirtualMachinePower.Running)
        {
            JsonObject properties = machine.Properties;
            if (properties.Text("osProfile", "computerName") is { } name)
                view["computerName"] = name;
            JsonArray handlers = new([.. extensions.Select(Handler)]);
            view["vmAgent"] = new JsonObject { ["vmAgentVersion"] = AgentVersion, ["statuses"] = Succeeded("Ready", "Guest Agent is running", state.ChangedAt), ["extensionHandlers"] = handlers };
            if (handlers.Count > 0)
                view["extensions"] = new JsonArray([.. extensions.Select(OfExtension)]);
        }

        view["disks"] = new JsonArray([.. VirtualMachineDisks.Attachments(machine.Properties)
            .Select(disk => new JsonObject { ["name"] = disk.Text("name"), ["statuses"] = Succeeded("Provisioning succeeded", null, state.ChangedAt) })]);
        view["hyperVGeneration"] = "V1";
        view["statuses"] = Statuses(machine, state);
        return view;
    }

    public static JsonObject OfExtension(ArmResource extension) => new()
    {
        ["name"] = extension.Id.Name,
        ["type"] = $"{extension.Properties.Text("publisher")}.{extension.Properties.Text("type")}",
        ["typeHandlerVersion"] = extension.Properties.Text("typeHandlerVersion"),
        ["statuses"] = Succeeded("Provisioning succeeded", null, null),
    };

    private static JsonObject Handler(ArmResource extension) => new()
    {
        ["type"] = $"{extension.Properties.Text("publisher")}.{extension.Properties.Text("type")}",
        ["typeHandlerVersion"] = extension.Properties.Text("typeHandlerVersion"),
        ["status"] = new JsonObject { ["code"] = "ProvisioningState/succeeded", ["level"] = "Info", ["displayStatus"] = "Ready" },
    };

    private static JsonArray Statuses(ArmResource machine, VirtualMachineState state)
    {
        JsonArray statuses = machine.ProvisioningState == "Succeeded"
            ? Succeeded("Provisioning succeeded", null, state.ChangedAt)
            : [new JsonObject { ["code"] = "ProvisioningState/" + machine.ProvisioningState.ToLowerInvariant(), ["level"] = "Info", ["displayStatus"] = machine.ProvisioningState }];
        if (state.IsGeneralized)
            statuses.Add((JsonNode)new JsonObject { ["code"] = "OSState/generalized", ["level"] = "Info", ["displayStatus"] = "VM generalized" });
        statuses.Add((JsonNode)new JsonObject { ["code"] = "PowerState/" + state.Power, ["level"] = "Info", ["displayStatus"] = "VM " + state.Power });
        return statuses;
    }

    private static JsonArray Succeeded(string display, string? message, DateTimeOffset? time)
    {
        JsonObject status = new() { ["code"] = "ProvisioningState/succeeded", ["level"] = "Info", ["displayStatus"] = display };
        if (message is not null)
            status["message"] = message;
        if (time is { } at)
            status["time"] = ArmJson.Stamp(at);
        return [status];
    }
}
