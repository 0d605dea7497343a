using System.Net;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Network;

/// <summary>Virtual networks; a subnet shows the IP configurations that lie in it, a peering the network on its other side.</summary>
internal sealed class VirtualNetworkRoom(StackState stack) : NetworkRoom(stack)
{
    private readonly SubnetAddresses _addresses = new(stack);
    private readonly VirtualNetworkPeerings _peerings = new(stack);

    protected override IReadOnlyCollection<string> HarmlessReferences { get; } = ["remoteVirtualNetwork"];

    protected override string InUseCode => "InUseVirtualNetworkCannotBeDeleted";

    public override void Write(ResourceWrite write)
    {
        JsonObject properties = write.Properties;
        if (properties.Array("addressSpace", "addressPrefixes") is not { Count: > 0 })
            throw new ArmException(400, "InvalidRequestFormat", "Cannot parse the request: addressSpace.addressPrefixes is required.");
        properties.EnsureArray("subnets");
        properties.EnsureArray("virtualNetworkPeerings");
        properties.Default("enableDdosProtection", false);
        // Shown only where it is on (recorded: az network vnet create).
        if (properties.Flag("enableVmProtection") == false)
            properties.Remove("enableVmProtection");
        properties.Object("dhcpOptions")?.EnsureArray("dnsServers");
        foreach (JsonObject subnet in Subnets(write.Body))
            subnet.Ensure("properties").Remove("ipConfigurations");
        VirtualNetworkPeerings.Strip(write);
        base.Write(write);
        RequirePrefixes(write);
        RequireUsedSubnets(write);
        _peerings.Write(write);
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand)
    {
        base.Present(resource, body, expand);
        foreach (JsonObject subnet in Subnets(body))
        {
            JsonObject properties = subnet.Ensure("properties");
            JsonArray users = new([.. Stack.References.To(subnet.Text("id")!)
                .Where(reference => reference.Property == "subnet")
                .Select(reference => new JsonObject { ["id"] = reference.Holder })]);
            SetUnlessEmpty(properties, "ipConfigurations", users);
            properties.EnsureArray("delegations");
            foreach (JsonObject endpoint in properties.Array("serviceEndpoints")?.OfType<JsonObject>() ?? [])
            {
                endpoint["provisioningState"] = resource.ProvisioningState;
                endpoint.Default("locations", new JsonArray("*"));
            }
        }

        _peerings.Present(resource, body);
    }

    public override JsonNode? Read(ArmResource resource, string child, ArmRequest request) => child.ToUpperInvariant() switch
    {
        "CHECKIPADDRESSAVAILABILITY" => CheckAddress(resource, request.Query["ipAddress"].ToString()),
        "USAGES" => new JsonObject { ["value"] = new JsonArray([.. resource.Subnets().Select(subnet => Usage(subnet!))]) },
        _ => null,
    };

    private static IEnumerable<JsonObject> Subnets(JsonObject body) => body.Array("properties", "subnets")?.OfType<JsonObject>() ?? [];

    private JsonObject CheckAddress(ArmResource network, string text)
    {
        if (!IPAddress.TryParse(text, out IPAddress? address))
            throw new ArmException(400, "InvalidIPAddress", $"The IP address '{text}' is not valid.");
        JsonNode? subnet = network.Subnets().FirstOrDefault(found => IPNetwork.TryParse(found.Text("properties", "addressPrefix") ?? "", out IPNetwork prefix) && prefix.Contains(address));
        List<string> free = subnet is null ? [] : [.. _addresses.Free(subnet.Text("id")!, writing: null)];
        return free.Contains(text)
            ? new JsonObject { ["available"] = true }
            : new JsonObject { ["available"] = false, ["availableIPAddresses"] = new JsonArray([.. free.Take(5).Select(item => JsonValue.Create(item))]) };
    }

    private JsonObject Usage(JsonNode subnet) => new()
    {
        ["id"] = subnet.Text("id"),
        ["name"] = new JsonObject { ["localizedValue"] = "Subnet size and usage", ["value"] = "SubnetSpace" },
        ["unit"] = "Count",
        ["currentValue"] = Stack.References.To(subnet.Text("id")!).Count(reference => reference.Property == "subnet"),
        ["limit"] = IPNetwork.Parse(subnet.Text("properties", "addressPrefix")!) is { } prefix ? (1 << (32 - prefix.PrefixLength)) - 5 : 0,
    };

    private static void RequirePrefixes(ResourceWrite write)
    {
        if (write.IsLoading)
            return;
        List<IPNetwork> space = [.. write.Properties.Array("addressSpace", "addressPrefixes")!.Select(prefix => Prefix(prefix!.GetValue<string>(), write.Resource.Id.Name))];
        List<(string Name, IPNetwork Prefix)> subnets = [];
        foreach (JsonObject subnet in Subnets(write.Body))
        {
            string name = subnet.Text("name")!;
            string text = subnet.Text("properties", "addressPrefix")
                ?? throw new ArmException(400, "InvalidRequestFormat", $"Cannot parse the request: subnet {name} has no addressPrefix.");
            IPNetwork prefix = Prefix(text, name);
            if (!space.Any(range => range.PrefixLength <= prefix.PrefixLength && range.Contains(prefix.BaseAddress)))
                throw new ArmException(400, "NetcfgInvalidSubnet", $"Subnet '{name}' is not valid in virtual network '{write.Resource.Id.Name}'.");
            if (subnets.Any(other => other.Prefix.Contains(prefix.BaseAddress) || prefix.Contains(other.Prefix.BaseAddress)))
                throw new ArmException(400, "NetcfgInvalidSubnet", $"Subnet '{name}' is not valid in virtual network '{write.Resource.Id.Name}'.");
            subnets.Add((name, prefix));
        }
    }

    private static IPNetwork Prefix(string text, string name) => IPNetwork.TryParse(text, out IPNetwork prefix) ? prefix
        : throw new ArmException(400, "InvalidAddressPrefixFormat", $"Address prefix {text} of resource {name} is not formatted correctly. It should follow CIDR notation, for example 10.0.0.0/24.");

    private void RequireUsedSubnets(ResourceWrite write)
    {
        if (write.IsNew)
            return;
        HashSet<string> kept = [.. Subnets(write.Body).Select(part => part.Text("id")!.ToUpperInvariant())];
        foreach (JsonObject subnet in Subnets(write.Previous!))
        {
            string id = subnet.Text("id")!;
            if (!kept.Contains(id.ToUpperInvariant()) && Stack.References.To(id).FirstOrDefault(reference => reference.From != write.Resource) is { } user)
                throw new ArmException(400, "InUseSubnetCannotBeDeleted", $"Subnet {subnet.Text("name")} is in use by {user.Holder} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet.");
        }
    }
}
