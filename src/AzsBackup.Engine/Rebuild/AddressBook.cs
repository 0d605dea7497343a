using System.Net;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Rebuild;

/// <summary>Which private addresses of the target's subnets are free.</summary>
internal sealed class AddressBook(TargetInventory target)
{
    // The first four addresses of a subnet and its last one are the platform's.
    private const int ReservedAtStart = 4;

    /// <summary>Whether an address lies in a subnet's prefix and may be given to an interface.</summary>
    public static bool Fits(string? prefix, string address)
    {
        if (!IPNetwork.TryParse(prefix ?? "", out var network) || !IPAddress.TryParse(address, out var parsed) || !network.Contains(parsed)) return false;
        var (first, asked) = (Number(network.BaseAddress), Number(parsed));
        var size = 1UL << (32 - network.PrefixLength);
        return asked - first >= ReservedAtStart && asked - first < size - 1;
    }

    /// <summary>Whether nobody has an address yet.</summary>
    public async Task<bool> IsFreeAsync(ResourceId subnet, string address, CancellationToken cancellationToken)
    {
        var interfaces = await target.ListAsync(ResourceTypes.NetworkInterface, cancellationToken).ConfigureAwait(false);
        var balancers = await target.ListAsync(ResourceTypes.LoadBalancer, cancellationToken).ConfigureAwait(false);
        return !interfaces.SelectMany(nic => BodyJson.Items(nic.Json, "properties", "ipConfigurations"))
            .Concat(balancers.SelectMany(balancer => BodyJson.Items(balancer.Json, "properties", "frontendIPConfigurations")))
            .Any(configuration => BodyJson.Text(configuration, "properties", "privateIPAddress") == address
                && subnet.Equals(BodyJson.IdAt(configuration, "properties", "subnet")));
    }

    private static ulong Number(IPAddress address)
    {
        ulong number = 0;
        foreach (var part in address.GetAddressBytes()) number = number << 8 | part;
        return number;
    }
}
