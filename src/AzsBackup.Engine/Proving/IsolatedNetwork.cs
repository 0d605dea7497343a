using System.Text.Json.Nodes;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Proving;

/// <summary>
/// A network that leads nowhere: a subnet of its own behind a security group that denies everything in and out. What the
/// platform itself says to the agent does not pass through security groups (Azure documentation, "What is IP address
/// 168.63.129.16"), so an agent can report from in there.
/// </summary>
internal static class IsolatedNetwork
{
    public const string SubnetName = "drill";

    private const string AddressPrefix = "192.168.251.0/24";

    /// <summary>The security group.</summary>
    public static JsonObject SecurityGroup(string location, JsonObject tags) => new()
    {
        ["location"] = location,
        ["tags"] = tags,
        ["properties"] = new JsonObject { ["securityRules"] = new JsonArray(Deny("Inbound"), Deny("Outbound")) },
    };

    /// <summary>The network with its one subnet.</summary>
    public static JsonObject Network(string location, JsonObject tags, ResourceId securityGroup) => new()
    {
        ["location"] = location,
        ["tags"] = tags,
        ["properties"] = new JsonObject
        {
            ["addressSpace"] = new JsonObject { ["addressPrefixes"] = new JsonArray(AddressPrefix) },
            ["subnets"] = new JsonArray(new JsonObject
            {
                ["name"] = SubnetName,
                ["properties"] = new JsonObject
                {
                    ["addressPrefix"] = AddressPrefix,
                    ["networkSecurityGroup"] = new JsonObject { ["id"] = securityGroup.ToString() },
                },
            }),
        },
    };

    private static JsonObject Deny(string direction) => new()
    {
        ["name"] = $"deny-all-{direction.ToLowerInvariant()}",
        ["properties"] = new JsonObject
        {
            ["priority"] = 100,
            ["direction"] = direction,
            ["access"] = "Deny",
            ["protocol"] = "*",
            ["sourceAddressPrefix"] = "*",
            ["sourcePortRange"] = "*",
            ["destinationAddressPrefix"] = "*",
            ["destinationPortRange"] = "*",
        },
    };
}
