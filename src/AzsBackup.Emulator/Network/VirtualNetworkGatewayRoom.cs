using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Network;

/// <summary>VPN gateways; route-based only (docs: azure-stack-network-differences; recorded: az network vnet-gateway create).</summary>
internal sealed class VirtualNetworkGatewayRoom(StackState stack) : NetworkRoom(stack)
{
    private const int Asn = 65515;
    private readonly SubnetAddresses _addresses = new(stack);

    public override bool SendsEtag => false;

    public override void Write(ResourceWrite write)
    {
        JsonObject properties = write.Properties;
        JsonArray configurations = properties.EnsureArray("ipConfigurations");
        if (configurations.Count == 0)
            throw new ArmException(400, "VirtualNetworkGatewayIpConfigurationMissing", $"Virtual network gateway {write.Resource.Id} must have at least one IP configuration.");
        if (!write.IsLoading && ArmPath.Equal(properties.Text("vpnType") ?? "RouteBased", "PolicyBased"))
            throw new ArmException(400, "VpnTypeNotSupported", "Policy-based virtual network gateways are not supported.");
        properties.Default("gatewayType", "Vpn");
        properties.Default("vpnType", "RouteBased");
        properties.Default("enableBgp", false);
        properties.Default("activeActive", false);
        properties.Default("enablePrivateIpAddress", false);
        properties.Default("vpnGatewayGeneration", "Generation1");
        properties["virtualNetworkGatewayPolicyGroups"] = new JsonArray();
        properties.Default("sku", new JsonObject { ["name"] = "Basic", ["tier"] = "Basic" });
        properties.Ensure("sku").Default("capacity", 2);
        base.Write(write);
        foreach (JsonObject configuration in configurations.OfType<JsonObject>())
        {
            JsonObject part = configuration.Ensure("properties");
            part.Default("privateIPAllocationMethod", "Dynamic");
            string subnet = part.Text("subnet", "id") ?? "";
            if (!write.IsLoading && !subnet.EndsWith("/subnets/GatewaySubnet", StringComparison.OrdinalIgnoreCase))
                throw new ArmException(400, "SubnetNameNotValid", $"The subnet of the IP configuration {configuration.Text("name")} must be named GatewaySubnet.");
        }
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand)
    {
        base.Present(resource, body, expand);
        JsonObject properties = body.Ensure("properties");
        bool isThere = resource.ProvisioningState == "Succeeded";
        if (!isThere)
        {
            properties["vpnClientConfiguration"] = new JsonObject
            {
                ["vpnClientProtocols"] = new JsonArray("SSTP"),
                ["vpnClientRootCertificates"] = new JsonArray(),
                ["vpnClientRevokedCertificates"] = new JsonArray(),
                ["vngClientConnectionConfigurations"] = new JsonArray(),
                ["radiusServers"] = new JsonArray(),
                ["vpnClientIpsecPolicies"] = new JsonArray(),
            };
        }

        JsonObject settings = properties.Ensure("bgpSettings");
        List<JsonObject> configurations = [.. properties.Array("ipConfigurations")!.OfType<JsonObject>()];
        string? peer = isThere && configurations[0].Text("properties", "subnet", "id") is { } subnet ? _addresses.Last(subnet) : null;
        settings["asn"] = isThere ? settings.Number("asn") is > 0 and { } given ? given : Asn : 0;
        if (peer is not null)
            settings["bgpPeeringAddress"] = peer;
        settings.Default("peerWeight", 0);
        settings["bgpPeeringAddresses"] = new JsonArray([.. configurations.Select(configuration => Peering(configuration, peer))]);
    }

    private JsonObject Peering(JsonObject configuration, string? peer)
    {
        JsonObject peering = new()
        {
            ["ipconfigurationId"] = configuration.Text("id"),
            ["defaultBgpIpAddresses"] = peer is null ? [] : new JsonArray(peer),
            ["customBgpIpAddresses"] = new JsonArray(),
        };
        if (peer is not null && Stack.Resources.Find(configuration.Text("properties", "publicIPAddress", "id")) is { } address)
            peering["tunnelIpAddresses"] = new JsonArray(PublicIPAddressRoom.AddressOf(Stack, address));
        return peering;
    }
}
