using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Network;

/// <summary>Properties that answers in older versions don't have (Microsoft.Network specifications; recorded: Azure CLI at 2017-10-01 and 2018-11-01).</summary>
internal static class VersionedProperties
{
    /// <summary>Array of parts or the resource itself, property, first version that shows it.</summary>
    private static readonly (string Array, string Property, string Since)[] Table =
    [
        ("", "hostedWorkloads", "2018-08-01"),
        ("", "tapConfigurations", "2018-08-01"),
        ("", "outboundRules", "2018-07-01"),
        ("subnets", "delegations", "2018-08-01"),
        ("loadBalancingRules", "enableTcpReset", "2018-07-01"),
        ("loadBalancingRules", "enableDestinationServiceEndpoint", "2018-07-01"),
        ("loadBalancingRules", "allowBackendPortConflict", "2018-07-01"),
        ("inboundNatRules", "enableTcpReset", "2018-07-01"),
        ("inboundNatRules", "enableDestinationServiceEndpoint", "2018-07-01"),
        ("inboundNatRules", "allowBackendPortConflict", "2018-07-01"),
        ("inboundNatPools", "enableTcpReset", "2018-07-01"),
        ("inboundNatPools", "enableDestinationServiceEndpoint", "2018-07-01"),
        ("inboundNatPools", "allowBackendPortConflict", "2018-07-01"),
        ("inboundNatPools", "enableFloatingIP", "2018-07-01"),
        ("inboundNatPools", "idleTimeoutInMinutes", "2018-07-01"),
    ];

    /// <summary>Takes out of a body what its version doesn't show.</summary>
    public static void Shape(JsonObject body, string apiVersion)
    {
        foreach ((string array, string property, _) in Table.Where(row => string.CompareOrdinal(apiVersion, row.Since) < 0))
        {
            if (array.Length == 0)
            {
                body.Object("properties")?.Remove(property);
                continue;
            }

            foreach (JsonNode? part in body.Array("properties", array) ?? [])
                part.Object("properties")?.Remove(property);
        }
    }
}
