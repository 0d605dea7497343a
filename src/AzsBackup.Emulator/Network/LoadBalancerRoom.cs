using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Network;

/// <summary>Load balancers; pools and front ends show who uses them.</summary>
internal sealed class LoadBalancerRoom(StackState stack) : NetworkRoom(stack)
{
    private const string Interfaces = "Microsoft.Network/networkInterfaces";
    private const string Balancers = "Microsoft.Network/loadBalancers";

    public override void Write(ResourceWrite write)
    {
        write.Body.Default("sku", new JsonObject { ["name"] = "Basic" });
        foreach (JsonObject part in Parts(Balancers, write.Body))
            foreach (string derived in (string[])["backendIPConfigurations", "backendIPConfiguration", "loadBalancingRules", "inboundNatRules", "outboundRules"])
                part.Object("properties")?.Remove(derived);
        foreach (JsonObject front in write.Properties.EnsureArray("frontendIPConfigurations").OfType<JsonObject>())
            front.Ensure("properties").Default("privateIPAllocationMethod", "Dynamic");
        base.Write(write);
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand)
    {
        base.Present(resource, body, expand);
        JsonObject properties = body.Ensure("properties");
        foreach (JsonObject front in properties.EnsureArray("frontendIPConfigurations").OfType<JsonObject>())
            Show(front, "frontendIPConfiguration", ["loadBalancingRules", "inboundNatRules", "inboundNatPools", "outboundRules"]);
        foreach (JsonObject probe in properties.EnsureArray("probes").OfType<JsonObject>())
            Show(probe, "probe", ["loadBalancingRules"]);
        foreach (JsonObject pool in properties.EnsureArray("backendAddressPools").OfType<JsonObject>())
        {
            Show(pool, "backendAddressPool", ["loadBalancingRules"]);
            SetUnlessEmpty(pool.Ensure("properties"), "backendIPConfigurations", Referrers(pool.Text("id")!, Interfaces, "loadBalancerBackendAddressPools"));
        }

        foreach (JsonObject rule in properties.EnsureArray("inboundNatRules").OfType<JsonObject>())
        {
            if (Referrers(rule.Text("id")!, Interfaces, "loadBalancerInboundNatRules") is [{ } user, ..])
                rule.Ensure("properties")["backendIPConfiguration"] = user.DeepClone();
        }
    }

    private void Show(JsonObject part, string property, string[] kinds)
    {
        JsonArray users = Referrers(part.Text("id")!, Balancers, property);
        foreach (string kind in kinds)
        {
            SetUnlessEmpty(part.Ensure("properties"), kind,
                new JsonArray([.. users.Where(user => user.Text("id")!.Contains($"/{kind}/", StringComparison.OrdinalIgnoreCase)).Select(user => user!.DeepClone())]));
        }
    }
}
