using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Network;

/// <summary>Route tables.</summary>
internal sealed class RouteTableRoom(StackState stack) : NetworkRoom(stack)
{
    protected override string InUseCode => "InUseRouteTableCannotBeDeleted";

    public override void Write(ResourceWrite write)
    {
        write.Properties.Remove("subnets");
        write.Properties.Default("disableBgpRoutePropagation", false);
        base.Write(write);
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand)
    {
        base.Present(resource, body, expand);
        SetUnlessEmpty(body.Ensure("properties"), "subnets", Referrers(resource.Id.Text, "Microsoft.Network/virtualNetworks", "routeTable"));
    }
}
