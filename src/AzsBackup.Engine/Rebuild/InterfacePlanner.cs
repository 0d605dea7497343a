using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Rebuild;

/// <summary>Plans the network interfaces of a rebuilt VM, with their security groups and public addresses.</summary>
internal sealed class InterfacePlanner(CapturedVm vm, VmMap map, TargetInventory target, PlanNotes notes)
{
    private readonly NetworkFinder _networks = new(vm, map, target);
    private readonly AddressBook _addresses = new(target);
    private readonly BalancerPlanner _balancers = new(vm, map, target, notes);
    private readonly List<RebuildStep> _shared = [];
    private readonly List<RebuildStep> _interfaces = [];

    /// <summary>What is made, in order; security groups and public addresses first.</summary>
    public IReadOnlyList<RebuildStep> Steps => [.. _shared, .. _interfaces];

    /// <summary>Plans one interface; null with a blocker if it can't be made.</summary>
    public async Task<ResourceId?> PlanAsync(ResourceId captured, CancellationToken cancellationToken)
    {
        if (vm.Find(captured) is not { } source)
        {
            notes.Block(AzsErrorKind.NotFound, "CapturedInterfaceMissing", $"Network interface '{captured.Name}' was not captured with the VM.", "Restore the disks with -DisksOnly and make the virtual machine yourself.", captured.ToString());
            return null;
        }

        var id = map.IdFor(ResourceTypes.NetworkInterface, map.NameFor(captured.Name, vm.Vm.Id.Name));
        if (await target.FindAsync(id, cancellationToken).ConfigureAwait(false) is not null) notes.Block(MadeResources.NameTaken(id));
        var body = BodyJson.Begin(source, target.Location);
        var properties = new JsonObject();
        BodyJson.Copy(Properties(source), properties, "enableIPForwarding", "enableAcceleratedNetworking");
        properties["dnsSettings"] = DnsSettings(source);
        if (BodyJson.IdAt(source.Json, "properties", "networkSecurityGroup") is { } security)
        {
            if (await PlanSecurityAsync(security, cancellationToken).ConfigureAwait(false) is { } kept) properties["networkSecurityGroup"] = BodyJson.Reference(kept);
        }

        var (configurations, then, changes) = (new JsonArray(), new JsonArray(), false);
        foreach (var configuration in BodyJson.Items(source.Json, "properties", "ipConfigurations"))
        {
            var (planned, later) = await PlanConfigurationAsync(configuration, cancellationToken).ConfigureAwait(false);
            configurations.Add(planned);
            then.Add(later ?? planned.DeepClone());
            changes |= later is not null;
        }

        properties["ipConfigurations"] = configurations;
        body["properties"] = properties;
        _interfaces.Add(new RebuildStep(id, body, changes ? With(body, then) : null));
        return id;
    }

    private static JsonObject With(JsonObject body, JsonArray configurations)
    {
        var changed = body.DeepClone().AsObject();
        changed["properties"]!["ipConfigurations"] = configurations;
        return changed;
    }

    private static JsonElement Properties(ResourceBody body) => body.Find("properties") ?? body.Json;

    private static JsonObject DnsSettings(ResourceBody source)
    {
        var settings = new JsonObject();
        if (source.Find("properties", "dnsSettings") is { } captured) BodyJson.Copy(captured, settings, "dnsServers", "internalDnsNameLabel");
        return settings;
    }

    private async Task<(JsonObject Planned, JsonObject? Then)> PlanConfigurationAsync(JsonElement captured, CancellationToken cancellationToken)
    {
        var name = BodyJson.Text(captured, "name") ?? "ipconfig1";
        var properties = new JsonObject();
        if (BodyJson.Value(captured, "properties") is { } before) BodyJson.Copy(before, properties, "primary", "privateIPAddressVersion");
        var isStatic = "Static".Equals(BodyJson.Text(captured, "properties", "privateIPAllocationMethod"), StringComparison.OrdinalIgnoreCase);
        var address = BodyJson.Text(captured, "properties", "privateIPAddress");
        var keeps = false;
        if (BodyJson.IdAt(captured, "properties", "subnet") is { } subnet
            && await _networks.FindAsync(subnet, notes, cancellationToken).ConfigureAwait(false) is var (subnetId, prefix))
        {
            properties["subnet"] = BodyJson.Reference(subnetId);
            keeps = address is not null && await KeepsAsync(subnetId, prefix, address, isStatic, cancellationToken).ConfigureAwait(false);
        }

        if (BodyJson.IdAt(captured, "properties", "publicIPAddress") is { } publicId
            && await PlanPublicAsync(publicId, cancellationToken).ConfigureAwait(false) is { } made)
        {
            properties["publicIPAddress"] = BodyJson.Reference(made);
        }

        await _balancers.JoinAsync(captured, properties, cancellationToken).ConfigureAwait(false);
        properties["privateIPAllocationMethod"] = keeps || isStatic ? "Static" : "Dynamic";
        if (keeps) properties["privateIPAddress"] = address;
        else if (isStatic) properties["privateIPAllocationMethod"] = "Dynamic";
        var planned = new JsonObject { ["name"] = name, ["properties"] = properties };

        // An address is asked for as a static one and kept when it becomes dynamic again.
        if (!keeps || isStatic) return (planned, null);
        var then = planned.DeepClone().AsObject();
        then["properties"]!["privateIPAllocationMethod"] = "Dynamic";
        return (planned, then);
    }

    private async Task<bool> KeepsAsync(ResourceId subnet, string? prefix, string address, bool isStatic, CancellationToken cancellationToken)
    {
        var fits = SubnetRange.Fits(prefix, address);
        if (fits && await _addresses.IsFreeAsync(subnet, address, cancellationToken).ConfigureAwait(false)) return true;
        var why = fits ? "is taken" : $"is not in {prefix}";
        if (isStatic && !map.NewAddresses)
        {
            notes.Block(
                AzsErrorKind.AlreadyExists,
                "PrivateAddressTaken",
                $"The VM's static address {address} {why} in subnet '{subnet.FullName}'.",
                "Free it, give another subnet with -SubnetId, or take a free address with -NewAddress.",
                subnet.ToString());
        }

        notes.Differ($"The private address {address} {why} in subnet '{subnet.FullName}': the VM gets another one{(isStatic ? ", a dynamic one" : "")}.");
        return false;
    }

    private async Task<ResourceId?> PlanSecurityAsync(ResourceId captured, CancellationToken cancellationToken)
    {
        if (await target.FindSharedAsync(vm, captured, cancellationToken).ConfigureAwait(false) is { } there) return there.Id;
        var id = map.IdFor(ResourceTypes.SecurityGroup, captured.Name);
        if (_shared.Exists(step => step.Id.Equals(id))) return id;
        if (vm.Find(captured) is not { } source)
        {
            notes.Block(AzsErrorKind.NotFound, "CapturedSecurityGroupMissing", $"Security group '{captured.Name}' was not captured, and {target.HostName} has none of this name: the VM would be unprotected.", "Make a security group of this name in the resource group first.", captured.ToString());
            return null;
        }

        var rules = new JsonArray();
        foreach (var rule in BodyJson.Items(source.Json, "properties", "securityRules"))
        {
            var properties = new JsonObject();
            foreach (var part in BodyJson.Value(rule, "properties")?.EnumerateObject() ?? default)
            {
                if (part.Name != "provisioningState") BodyJson.Copy(BodyJson.Value(rule, "properties")!.Value, properties, part.Name);
            }

            rules.Add(new JsonObject { ["name"] = BodyJson.Text(rule, "name"), ["properties"] = properties });
        }

        var body = BodyJson.Begin(source, target.Location);
        body["properties"] = new JsonObject { ["securityRules"] = rules };
        _shared.Add(new RebuildStep(id, body) { IsShared = true });
        return id;
    }

    private async Task<ResourceId?> PlanPublicAsync(ResourceId captured, CancellationToken cancellationToken)
    {
        if (!map.PublicAddresses) return null;
        if (vm.Find(captured) is not { } source)
        {
            notes.Differ($"Public address '{captured.Name}' was not captured: the VM gets none.");
            return null;
        }

        var id = map.IdFor(ResourceTypes.PublicAddress, map.NameFor(captured.Name, vm.Vm.Id.Name));
        if (await target.FindAsync(id, cancellationToken).ConfigureAwait(false) is not null) notes.Block(MadeResources.NameTaken(id));
        var body = BodyJson.Begin(source, target.Location);
        BodyJson.Copy(source.Json, body, "sku");
        var properties = new JsonObject();
        BodyJson.Copy(Properties(source), properties, "publicIPAllocationMethod", "publicIPAddressVersion", "idleTimeoutInMinutes");
        if (source.FindText("properties", "dnsSettings", "domainNameLabel") is { } label) await KeepLabelAsync(label, properties, cancellationToken).ConfigureAwait(false);
        if (source.FindText("properties", "ipAddress") is { } address) notes.Differ($"The public address {address} belonged to the stack: the VM gets another one.");
        body["properties"] = properties;
        _shared.Add(new RebuildStep(id, body));
        return id;
    }

    private async Task KeepLabelAsync(string label, JsonObject properties, CancellationToken cancellationToken)
    {
        var addresses = await target.ListAsync(ResourceTypes.PublicAddress, cancellationToken).ConfigureAwait(false);
        if (addresses.Any(other => label.Equals(other.FindText("properties", "dnsSettings", "domainNameLabel"), StringComparison.OrdinalIgnoreCase)))
        {
            notes.Differ($"The DNS label '{label}' is taken on {target.HostName}: the VM's public address has none.");
            return;
        }

        properties["dnsSettings"] = new JsonObject { ["domainNameLabel"] = label };
    }
}
