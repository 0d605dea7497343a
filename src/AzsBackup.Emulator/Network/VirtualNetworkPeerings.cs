using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Network;

/// <summary>The peerings of virtual networks: what one side shows of the other (recorded: az network vnet peering).</summary>
internal sealed class VirtualNetworkPeerings(StackState stack)
{
    private const string Gateways = "Microsoft.Network/virtualNetworkGateways";
    private static readonly string[] Derived = ["resourceGuid", "remoteAddressSpace", "remoteGateways", "routeServiceVips"];

    /// <summary>Takes out what the service shows and a client may send back.</summary>
    public static void Strip(ResourceWrite write)
    {
        foreach (JsonObject peering in Of(write.Body))
        {
            JsonObject properties = peering.Ensure("properties");
            foreach (string derived in Derived)
                properties.Remove(derived);
            if (write.IsLoading)
                continue;
            properties.Remove("peeringState");
            if (Find(write.Previous, peering.Text("name")) is { } before && before.Text("properties", "peeringState") is { } state)
                properties["peeringState"] = state;
        }
    }

    /// <summary>Sets defaults, refuses gateways that aren't there, and tells the other sides what has changed.</summary>
    public void Write(ResourceWrite write)
    {
        foreach (JsonObject peering in Of(write.Body))
        {
            JsonObject properties = peering.Ensure("properties");
            properties.Default("allowVirtualNetworkAccess", true);
            foreach (string flag in (string[])["allowForwardedTraffic", "allowGatewayTransit", "useRemoteGateways", "doNotVerifyRemoteGateways"])
                properties.Default(flag, false);
            if (write.IsLoading)
                continue;
            ArmResource remote = stack.Resources.Find(RemoteId(peering))
                ?? throw new ArmException(400, "InvalidRequestFormat", $"Cannot parse the request: peering {peering.Text("name")} has no remoteVirtualNetwork.");
            if (properties.Flag("useRemoteGateways") == true && !GatewaysOf(remote).Any())
                throw new ArmException(400, "RemotePeeringHasNoGateway", $"Peering {peering.Text("id")} cannot have UseRemoteGateways flag set to true, because remote virtual network {remote.Id} referenced by the peering does not have any gateways.");
            if (Find(write.Previous, peering.Text("name")) is null && Counterpart(remote, write.Resource.Id.Text) is { } other)
            {
                other.Ensure("properties").Remove("peeringState");
                properties.Remove("peeringState");
                remote.Body["etag"] = stack.NewEtag();
            }
        }

        foreach (JsonObject gone in Of(write.Previous).Where(before => Find(write.Body, before.Text("name")) is null))
        {
            if (stack.Resources.Find(RemoteId(gone)) is { } remote && Counterpart(remote, write.Resource.Id.Text) is { } other)
                other.Ensure("properties")["peeringState"] = "Disconnected";
        }
    }

    public void Present(ArmResource network, JsonObject body)
    {
        foreach (JsonObject peering in Of(body))
        {
            JsonObject properties = peering.Ensure("properties");
            properties["routeServiceVips"] = new JsonObject();
            if (stack.Resources.Find(RemoteId(peering)) is not { } remote)
            {
                properties["peeringState"] = "Disconnected";
                continue;
            }

            properties["resourceGuid"] = Combine(network.Properties.Text("resourceGuid")!, remote.Properties.Text("resourceGuid")!);
            properties["peeringState"] = Counterpart(remote, network.Id.Text) is not null ? "Connected" : properties.Text("peeringState") ?? "Initiated";
            properties["remoteAddressSpace"] = remote.Properties["addressSpace"]?.DeepClone();
            if (properties.Flag("useRemoteGateways") == true)
                properties["remoteGateways"] = new JsonArray([.. GatewaysOf(remote).Select(gateway => new JsonObject { ["id"] = gateway.Id.Text })]);
        }
    }

    private static IEnumerable<JsonObject> Of(JsonObject? body) => body.Array("properties", "virtualNetworkPeerings")?.OfType<JsonObject>() ?? [];

    private static JsonObject? Find(JsonObject? body, string? name) => Of(body).FirstOrDefault(peering => ArmPath.Equal(peering.Text("name") ?? "", name ?? ""));

    private static string? RemoteId(JsonObject peering) => peering.Text("properties", "remoteVirtualNetwork", "id");

    private static JsonObject? Counterpart(ArmResource remote, string network) =>
        Of(remote.Body).FirstOrDefault(peering => ArmPath.Equal(RemoteId(peering) ?? "", network));

    /// <summary>Both sides of a peering have one GUID: the exclusive or of their networks' (recorded).</summary>
    private static string Combine(string left, string right)
    {
        byte[] bytes = Guid.Parse(left).ToByteArray();
        byte[] other = Guid.Parse(right).ToByteArray();
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] ^= other[i];
        return new Guid(bytes).ToString("D");
    }

    private IEnumerable<ArmResource> GatewaysOf(ArmResource network) =>
        stack.References.To($"{network.Id}/subnets/GatewaySubnet", Gateways);
}
