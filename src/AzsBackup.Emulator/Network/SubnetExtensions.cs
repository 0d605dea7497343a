using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Network;

/// <summary>Subnets of a virtual network that may not be there.</summary>
internal static class SubnetExtensions
{
    public static IEnumerable<JsonNode?> Subnets(this ArmResource? network) => network?.Properties.Array("subnets") ?? [];
}
