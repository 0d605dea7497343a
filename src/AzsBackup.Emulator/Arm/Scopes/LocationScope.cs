using System.Globalization;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Compute;

namespace AzsBackup.Emulator.Arm.Scopes;

/// <summary>What providers tell of themselves at subscription scope: sizes, usages, operations, names in use.</summary>
internal sealed class LocationScope(StackState stack)
{
    private readonly ComputeLocation _compute = new(stack);

    /// <summary>The answer, or <see langword="null"/> if the path is none of these.</summary>
    public ArmResponse? Handle(ArmRequest request)
    {
        if (_compute.Handle(request) is { } compute)
            return compute;
        string type = (request.Path.Type ?? "").ToUpperInvariant();
        return (request.Method, type) switch
        {
            ("GET", "MICROSOFT.NETWORK/LOCATIONS/USAGES") => Usages(
                ("VirtualNetworks", "Virtual Networks", 50, Count("Microsoft.Network/virtualNetworks")),
                ("NetworkSecurityGroups", "Network Security Groups", 50, Count("Microsoft.Network/networkSecurityGroups")),
                ("PublicIPAddresses", "Public IP Addresses", 50, Count("Microsoft.Network/publicIPAddresses")),
                ("LoadBalancers", "Load Balancers", 50, Count("Microsoft.Network/loadBalancers")),
                ("NetworkInterfaces", "Network Interfaces", 100, Count("Microsoft.Network/networkInterfaces"))),
            ("GET", "MICROSOFT.STORAGE/USAGES") => Usages(("StorageAccounts", "Storage Accounts", 20, Count("Microsoft.Storage/storageAccounts"))),
            ("POST", "MICROSOFT.STORAGE/CHECKNAMEAVAILABILITY") => ArmResponse.Ok(Storage.StorageAccountName.Check(stack, request.RequireBody().Text("name") ?? "")),
            ("GET", _) when request.Path is { IsResource: false, Types: [.., "operations"] } => ArmResponse.Ok(new JsonObject { ["value"] = new JsonArray() }),
            _ => null,
        };
    }

    private int Count(string type) => stack.Resources.OfType(type).Count();

    private static ArmResponse Usages(params (string Name, string Display, int Limit, long Value)[] usages) =>
        ArmResponse.Ok(new JsonObject
        {
            ["value"] = new JsonArray([.. usages.Select(usage => new JsonObject
            {
                ["unit"] = "Count",
                ["currentValue"] = JsonNode.Parse(usage.Value.ToString(CultureInfo.InvariantCulture)),
                ["limit"] = usage.Limit,
                ["name"] = new JsonObject { ["value"] = usage.Name, ["localizedValue"] = usage.Display },
            })]),
        });
}
