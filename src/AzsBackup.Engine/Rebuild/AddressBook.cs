using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Rebuild;

/// <summary>Which private addresses of the target's subnets are free.</summary>
internal sealed class AddressBook(TargetInventory target)
{
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
}
