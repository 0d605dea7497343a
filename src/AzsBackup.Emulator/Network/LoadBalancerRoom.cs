using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Network;

/// <summary>Load balancers; pools and front ends show who uses them.</summary>
internal sealed class LoadBalancerRoom(StackState stack) : NetworkRoom(stack)
{
    private const string Interfaces = "Microsoft.Network/networkInterfaces";
    private const string Balancers = "Microsoft.Network/loadBalancers";

    /// <summary>Properties of parts that say who uses them, or that only the service sets.</summary>
    private static readonly string[] Derived =
        ["backendIPConfigurations", "backendIPConfiguration", "loadBalancingRules", "inboundNatRules", "inboundNatPools", "outboundRules"];

    private static readonly string[] PortRules = ["loadBalancingRules", "inboundNatRules", "inboundNatPools"];
    private readonly SubnetAddresses _addresses = new(stack);

    /// <summary>A load balancer is there at once (recorded: az network lb).</summary>
    public override string CreatingState => "Succeeded";

    public override string UpdatingState => "Succeeded";

    public override void Write(ResourceWrite write)
    {
        write.Body.Default("sku", write.Previous?["sku"]?.DeepClone() ?? new JsonObject { ["name"] = "Basic" });
        foreach (JsonObject part in Parts(Balancers, write.Body))
            foreach (string derived in Derived)
                part.Object("properties")?.Remove(derived);
        base.Write(write);
        foreach (JsonObject front in Items(write.Body, "frontendIPConfigurations"))
            CompleteFront(write, front);
        foreach (JsonObject rule in PortRules.SelectMany(array => Items(write.Body, array)))
        {
            JsonObject properties = rule.Ensure("properties");
            properties.Default("idleTimeoutInMinutes", 4);
            foreach (string flag in (string[])["enableFloatingIP", "enableTcpReset", "enableDestinationServiceEndpoint", "allowBackendPortConflict"])
                properties.Default(flag, false);
        }

        foreach (JsonObject rule in Items(write.Body, "loadBalancingRules"))
            rule.Ensure("properties").Default("loadDistribution", "Default");
        foreach (JsonObject rule in Items(write.Body, "outboundRules"))
        {
            JsonObject properties = rule.Ensure("properties");
            properties.Default("idleTimeoutInMinutes", 4);
            properties.Default("enableTcpReset", false);
            properties.Default("allocatedOutboundPorts", 0);
        }
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand)
    {
        base.Present(resource, body, expand);
        JsonObject properties = body.Ensure("properties");
        foreach (JsonObject front in Items(body, "frontendIPConfigurations"))
            Show(front, ["frontendIPConfiguration", "frontendIPConfigurations"], ["loadBalancingRules", "inboundNatRules", "inboundNatPools", "outboundRules"]);
        foreach (JsonObject probe in Items(body, "probes"))
            Show(probe, ["probe"], ["loadBalancingRules"]);
        foreach (JsonObject pool in Items(body, "backendAddressPools"))
        {
            Show(pool, ["backendAddressPool"], ["loadBalancingRules", "outboundRules"]);
            SetUnlessEmpty(pool.Ensure("properties"), "backendIPConfigurations", Referrers(pool.Text("id")!, Interfaces, "loadBalancerBackendAddressPools"));
        }

        foreach (JsonObject rule in Items(body, "inboundNatRules"))
        {
            if (Referrers(rule.Text("id")!, Interfaces, "loadBalancerInboundNatRules") is [{ } user, ..])
                rule.Ensure("properties")["backendIPConfiguration"] = user.DeepClone();
        }

        // Outbound rules are the Standard sku's (recorded: az network lb create --sku Standard).
        if (body.Text("sku", "name") != "Standard" && properties.Array("outboundRules") is null or { Count: 0 })
            properties.Remove("outboundRules");
    }

    private static IEnumerable<JsonObject> Items(JsonObject body, string array) => body.Array("properties", array)?.OfType<JsonObject>() ?? [];

    private void CompleteFront(ResourceWrite write, JsonObject front)
    {
        JsonObject properties = front.Ensure("properties");
        properties.Default("privateIPAllocationMethod", "Dynamic");
        if (properties.Text("subnet", "id") is not { } subnet || properties.Text("privateIPAllocationMethod") == "Static")
            return;
        JsonNode? before = write.Previous.Array("properties", "frontendIPConfigurations")?.FirstOrDefault(old => ArmPath.Equal(old.Text("name") ?? "", front.Text("name")!));
        properties["privateIPAddress"] = ArmPath.Equal(before.Text("properties", "subnet", "id") ?? "", subnet) && before.Text("properties", "privateIPAddress") is { } kept
            ? kept : _addresses.Take(subnet, write.Resource);
    }

    private void Show(JsonObject part, string[] properties, string[] kinds)
    {
        JsonArray users = Referrers(part.Text("id")!, Balancers, properties);
        foreach (string kind in kinds)
        {
            SetUnlessEmpty(part.Ensure("properties"), kind,
                new JsonArray([.. users.Where(user => user.Text("id")!.Contains($"/{kind}/", StringComparison.OrdinalIgnoreCase)).Select(user => user!.DeepClone())]));
        }
    }
}
