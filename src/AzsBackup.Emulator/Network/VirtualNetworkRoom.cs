using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Network;

/// <summary>Virtual networks; a subnet shows the IP configurations that lie in it.</summary>
internal sealed class VirtualNetworkRoom(StackState stack) : NetworkRoom(stack)
{
    protected override IReadOnlyCollection<string> HarmlessReferences { get; } = ["remoteVirtualNetwork"];

    protected override string InUseCode => "InUseVirtualNetworkCannotBeDeleted";

    public override void Write(ResourceWrite write)
    {
        if (write.Properties.Array("addressSpace", "addressPrefixes") is not { Count: > 0 })
            throw new ArmException(400, "InvalidRequestFormat", "Cannot parse the request: addressSpace.addressPrefixes is required.");
        write.Properties.EnsureArray("subnets");
        write.Properties.EnsureArray("virtualNetworkPeerings");
        write.Properties.Default("enableDdosProtection", false);
        foreach (JsonObject subnet in Parts(write.Resource.Id.Type, write.Body))
            subnet.Ensure("properties").Remove("ipConfigurations");
        base.Write(write);
        RequireUsedSubnets(write);
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand)
    {
        base.Present(resource, body, expand);
        foreach (JsonObject subnet in body.Array("properties", "subnets")?.OfType<JsonObject>() ?? [])
        {
            JsonObject properties = subnet.Ensure("properties");
            JsonArray users = new([.. Stack.References.To(subnet.Text("id")!)
                .Where(reference => reference.Property == "subnet")
                .Select(reference => new JsonObject { ["id"] = reference.Holder })]);
            SetUnlessEmpty(properties, "ipConfigurations", users);
            properties.EnsureArray("delegations");
        }
    }

    private void RequireUsedSubnets(ResourceWrite write)
    {
        if (write.IsNew)
            return;
        HashSet<string> kept = [.. Parts(write.Resource.Id.Type, write.Body).Select(part => part.Text("id")!.ToUpperInvariant())];
        foreach (JsonObject subnet in Parts(write.Resource.Id.Type, write.Previous!))
        {
            string id = subnet.Text("id")!;
            if (!kept.Contains(id.ToUpperInvariant()) && Stack.References.To(id).FirstOrDefault(reference => reference.From != write.Resource) is { } user)
                throw new ArmException(400, "InUseSubnetCannotBeDeleted", $"Subnet {subnet.Text("name")} is in use by {user.Holder} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet.");
        }
    }
}
