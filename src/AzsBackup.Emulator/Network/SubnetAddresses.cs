using System.Globalization;
using System.Net;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Network;

/// <summary>The private addresses of a subnet: the first four and the last are the platform's, the rest go to whoever asks first.</summary>
internal sealed class SubnetAddresses(StackState stack)
{
    private const int Reserved = 4;
    private static readonly string[] Holders = ["Microsoft.Network/networkInterfaces", "Microsoft.Network/loadBalancers"];
    private static readonly string[] Arrays = ["ipConfigurations", "frontendIPConfigurations"];

    /// <summary>Addresses of a subnet that nobody has, in order. <paramref name="writing"/> is the resource being written, whose addresses count as taken.</summary>
    /// <exception cref="ArmException">There is no such subnet.</exception>
    public IEnumerable<string> Free(string subnetId, ArmResource? writing)
    {
        ArmId id = Parse(subnetId);
        string prefix = Prefix(id) ?? throw ArmException.MissingReference(subnetId, writing?.Id.Text ?? subnetId);
        HashSet<string> used = Used(subnetId, writing);
        IPNetwork network = IPNetwork.Parse(prefix);
        uint size = 1u << (32 - network.PrefixLength);
        for (uint offset = Reserved; offset < size - 1; offset++)
        {
            string address = Address(network, offset);
            if (!used.Contains(address))
                yield return address;
        }
    }

    /// <summary>The first free address.</summary>
    /// <exception cref="ArmException">There is none.</exception>
    public string Take(string subnetId, ArmResource writing) => Free(subnetId, writing).FirstOrDefault()
        ?? throw new ArmException(400, "SubnetIsFull", $"Subnet {Parse(subnetId).Name} with address prefix {Prefix(Parse(subnetId))} does not have enough capacity for 1 IP addresses.");

    /// <summary>Refuses an address that lies outside the subnet, is the platform's, or is somebody else's.</summary>
    public void RequireFree(string subnetId, string address, ArmResource writing)
    {
        ArmId id = Parse(subnetId);
        if (Prefix(id) is not { } prefix)
            throw ArmException.MissingReference(subnetId, writing.Id.Text);
        if (!IPAddress.TryParse(address, out IPAddress? parsed) || !IPNetwork.Parse(prefix).Contains(parsed))
            throw new ArmException(400, "PrivateIPAddressNotInSubnet", $"Private static IP address {address} does not belong to the range of subnet prefix {prefix}.");
        if (Used(subnetId, writing: null, except: writing).Contains(address))
            throw new ArmException(400, "PrivateIPAddressInUse", $"IP configuration of {writing.Id} is using the private IP address {address} which is already allocated.");
        if (!Free(subnetId, writing: null).Contains(address) && !Used(subnetId, writing: null).Contains(address))
            throw new ArmException(400, "PrivateIPAddressInReservedRange", $"Private static IP address {address} falls within reserved IP range of subnet prefix {prefix}.");
    }

    /// <summary>The last address of a subnet that may be given out, which gateways take for BGP.</summary>
    public string? Last(string subnetId) =>
        ArmId.TryParse(subnetId, out ArmId? id) && Prefix(id) is { } prefix ? Address(IPNetwork.Parse(prefix), (1u << (32 - IPNetwork.Parse(prefix).PrefixLength)) - 2) : null;

    private static ArmId Parse(string subnetId) => ArmId.TryParse(subnetId, out ArmId? id) ? id
        : throw ArmException.InvalidLink(subnetId);

    private static string Address(IPNetwork network, uint offset)
    {
        uint start = BitConverter.ToUInt32([.. network.BaseAddress.GetAddressBytes().Reverse()]);
        byte[] bytes = [.. BitConverter.GetBytes(start + offset).Reverse()];
        return string.Create(CultureInfo.InvariantCulture, $"{bytes[0]}.{bytes[1]}.{bytes[2]}.{bytes[3]}");
    }

    private string? Prefix(ArmId subnet) => stack.Resources.Find(subnet.Parent?.Text).Subnets()
        .FirstOrDefault(found => ArmPath.Equal(found.Text("name") ?? "", subnet.Name)).Text("properties", "addressPrefix");

    private HashSet<string> Used(string subnetId, ArmResource? writing, ArmResource? except = null) =>
        [.. Holders.SelectMany(stack.Resources.OfType).Concat(writing is null ? [] : [writing])
            .Where(holder => holder != except)
            .SelectMany(holder => Arrays.SelectMany(array => holder.Properties.Array(array) ?? []))
            .Where(configuration => ArmPath.Equal(configuration.Text("properties", "subnet", "id") ?? "", subnetId))
            .Select(configuration => configuration.Text("properties", "privateIPAddress")).OfType<string>()];
}
