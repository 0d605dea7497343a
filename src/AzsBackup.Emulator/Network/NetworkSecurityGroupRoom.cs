using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Network;

/// <summary>Network security groups, with the six rules every one of them has.</summary>
internal sealed class NetworkSecurityGroupRoom(StackState stack) : NetworkRoom(stack)
{
    private static readonly (string Name, string Description, string Source, string Destination, string Access, int Priority, string Direction)[] Defaults =
    [
        ("AllowVnetInBound", "Allow inbound traffic from all VMs in VNET", "VirtualNetwork", "VirtualNetwork", "Allow", 65000, "Inbound"),
        ("AllowAzureLoadBalancerInBound", "Allow inbound traffic from azure load balancer", "AzureLoadBalancer", "*", "Allow", 65001, "Inbound"),
        ("DenyAllInBound", "Deny all inbound traffic", "*", "*", "Deny", 65500, "Inbound"),
        ("AllowVnetOutBound", "Allow outbound traffic from all VMs to all VMs in VNET", "VirtualNetwork", "VirtualNetwork", "Allow", 65000, "Outbound"),
        ("AllowInternetOutBound", "Allow outbound traffic from all VMs to Internet", "*", "Internet", "Allow", 65001, "Outbound"),
        ("DenyAllOutBound", "Deny all outbound traffic", "*", "*", "Deny", 65500, "Outbound"),
    ];

    private static readonly (string Property, string[] Values)[] Spellings =
    [
        ("protocol", ["Tcp", "Udp", "*"]),
        ("access", ["Allow", "Deny"]),
        ("direction", ["Inbound", "Outbound"]),
    ];

    protected override string InUseCode => "InUseNetworkSecurityGroupCannotBeDeleted";

    public override void Write(ResourceWrite write)
    {
        write.Properties.Remove("subnets");
        write.Properties.Remove("networkInterfaces");
        write.Properties["defaultSecurityRules"] = new JsonArray([.. Defaults.Select(rule => new JsonObject
        {
            ["name"] = rule.Name,
            ["properties"] = new JsonObject
            {
                ["description"] = rule.Description,
                ["protocol"] = "*",
                ["sourcePortRange"] = "*",
                ["destinationPortRange"] = "*",
                ["sourceAddressPrefix"] = rule.Source,
                ["destinationAddressPrefix"] = rule.Destination,
                ["access"] = rule.Access,
                ["priority"] = rule.Priority,
                ["direction"] = rule.Direction,
            },
        })]);
        write.Resource.Body = ArmJson.Copy(write.Body);
        base.Write(write);
        RequireDistinctPriorities(write.Properties.EnsureArray("securityRules"));
        foreach (JsonObject rule in Parts(write.Resource.Id.Type, write.Body))
        {
            Spell(rule.Ensure("properties"));
            foreach (string list in (string[])["sourcePortRanges", "destinationPortRanges", "sourceAddressPrefixes", "destinationAddressPrefixes"])
                rule.Ensure("properties").EnsureArray(list);
        }
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand)
    {
        base.Present(resource, body, expand);
        JsonObject properties = body.Ensure("properties");
        SetUnlessEmpty(properties, "networkInterfaces", Referrers(resource.Id.Text, "Microsoft.Network/networkInterfaces", "networkSecurityGroup"));
        SetUnlessEmpty(properties, "subnets", Referrers(resource.Id.Text, "Microsoft.Network/virtualNetworks", "networkSecurityGroup"));
    }

    /// <summary>Enumerations are shown in the spelling of the model, whatever was sent (recorded: az vm open-port).</summary>
    private static void Spell(JsonObject rule)
    {
        foreach ((string property, string[] values) in Spellings)
        {
            if (rule.Text(property) is { } given && values.FirstOrDefault(value => ArmPath.Equal(value, given)) is { } known)
                rule[property] = known;
        }
    }

    private static void RequireDistinctPriorities(JsonArray rules)
    {
        var clash = rules.GroupBy(rule => (rule.Text("properties", "direction")?.ToUpperInvariant(), rule.Number("properties", "priority")))
            .FirstOrDefault(group => group.Count() > 1);
        if (clash is not null)
            throw new ArmException(400, "SecurityRuleConflict", $"Security rule {clash.Last().Text("name")} conflicts with rule {clash.First().Text("name")}. Rules cannot have the same Priority and Direction.");
    }
}
