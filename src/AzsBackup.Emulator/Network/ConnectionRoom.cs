using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Arm.Operations;

namespace AzsBackup.Emulator.Network;

/// <summary>Connections of VPN gateways with the outside. The shared key goes in with the connection and comes out only where it is asked for.</summary>
internal sealed class ConnectionRoom(StackState stack) : NetworkRoom(stack)
{
    public override void Write(ResourceWrite write)
    {
        JsonObject properties = write.Properties;
        string type = properties.Text("connectionType")
            ?? throw new ArmException(400, "InvalidRequestFormat", "Cannot parse the request: connectionType is required.");
        // An estate may come of a cloud that connects networks with each other, too.
        if (!write.IsLoading && !ArmPath.Equal(type, "IPsec"))
            throw new ArmException(400, "ConnectionTypeNotSupported", $"Connections of type '{type}' are not supported.");
        if (!write.IsLoading && (properties.Text("virtualNetworkGateway1", "id") is null || properties.Text("localNetworkGateway2", "id") is null))
            throw new ArmException(400, "InvalidRequestFormat", "Cannot parse the request: virtualNetworkGateway1 and localNetworkGateway2 are required.");
        if (properties.Text("sharedKey") is null && write.Previous.Text("properties", "sharedKey") is { } kept)
            properties["sharedKey"] = kept;
        properties.Default("routingWeight", 0);
        properties.Default("enableBgp", false);
        properties.Default("usePolicyBasedTrafficSelectors", false);
        properties.EnsureArray("ipsecPolicies");
        base.Write(write);
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand)
    {
        base.Present(resource, body, expand);
        JsonObject properties = body.Ensure("properties");
        properties.Remove("sharedKey");
        // Nobody is at the other end.
        properties["connectionStatus"] = resource.ProvisioningState == "Succeeded" ? "NotConnected" : "Unknown";
        properties["ingressBytesTransferred"] = 0;
        properties["egressBytesTransferred"] = 0;
    }

    public override JsonNode? Read(ArmResource resource, string child, ArmRequest request) =>
        ArmPath.Equal(child, "sharedkey") ? new JsonObject { ["value"] = resource.Properties.Text("sharedKey") ?? "" } : null;

    public override ActionOutcome? Act(ArmResource resource, string action, ArmRequest request)
    {
        if (!ArmPath.Equal(action, "reset"))
            return null;
        return new ActionOutcome(AsyncStyle.Both, () => null);
    }
}
