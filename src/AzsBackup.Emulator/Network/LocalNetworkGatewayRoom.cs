using System.Net;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Network;

/// <summary>Local network gateways: the VPN devices at the other end.</summary>
internal sealed class LocalNetworkGatewayRoom(StackState stack) : NetworkRoom(stack)
{
    public override void Write(ResourceWrite write)
    {
        string? address = write.Properties.Text("gatewayIpAddress");
        if (!write.IsLoading && !IPAddress.TryParse(address, out _))
            throw new ArmException(400, "InvalidIPAddress", $"The gatewayIpAddress '{address}' of local network gateway {write.Resource.Id} is not valid.");
        write.Properties.Ensure("localNetworkAddressSpace").EnsureArray("addressPrefixes");
        base.Write(write);
    }
}
