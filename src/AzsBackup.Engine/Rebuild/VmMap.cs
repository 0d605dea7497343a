using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Rebuild;

/// <summary>How a captured VM is to look where it is rebuilt.</summary>
public sealed record VmMap
{
    /// <summary>The subscription on the target.</summary>
    public required string SubscriptionId { get; init; }

    /// <summary>The resource group on the target, made if missing.</summary>
    public required string ResourceGroupName { get; init; }

    /// <summary>The VM's name; null for the one it had.</summary>
    public string? VmName { get; init; }

    /// <summary>The size; null for the one it had.</summary>
    public string? VmSize { get; init; }

    /// <summary>The subnet all its interfaces go to; null to go by <see cref="Networks"/>, then by name.</summary>
    public ResourceId? Subnet { get; init; }

    /// <summary>
    /// Where interfaces go: from a subnet's id, its <c>network/subnet</c>, or a network's id or name, to the id of a subnet
    /// (or of a network, whose subnet of the same name is meant). Names are compared whatever their case.
    /// </summary>
    public IReadOnlyDictionary<string, string> Networks { get; init; } = new Dictionary<string, string>();

    /// <summary>From a captured resource's name to its name on the target. Names are compared whatever their case.</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();

    /// <summary>What goes before the names of the things that are made and that <see cref="Names"/> does not name.</summary>
    public string NamePrefix { get; init; } = "";

    /// <summary>Whether an address that is taken or does not fit is replaced by one the subnet gives; otherwise a static one is a blocker.</summary>
    public bool NewAddresses { get; init; }

    /// <summary>Whether public addresses are made.</summary>
    public bool PublicAddresses { get; init; } = true;

    /// <summary>Whether load balancers are joined; null to join unless the original VM is still there, whose traffic a copy would get.</summary>
    public bool? JoinLoadBalancers { get; init; }

    /// <summary>Whether extensions are installed again; those that run scripts never are.</summary>
    public bool Extensions { get; init; } = true;

    /// <summary>Whether the VM is left running. Attaching starts it in any case; if not, it is deallocated at once.</summary>
    public bool Start { get; init; } = true;

    /// <summary>Tags the VM and its disks get besides those they had.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The name of something on the target that belongs to the VM alone.</summary>
    /// <param name="name">Its captured name.</param>
    /// <param name="vmName">The VM's captured name.</param>
    public string NameFor(string name, string vmName)
    {
        var named = Names.FirstOrDefault(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        if (named is not null) return named;
        if (NamePrefix.Length > 0) return NamePrefix + name;
        if (VmName is null || VmName.Equals(vmName, StringComparison.OrdinalIgnoreCase)) return name;
        return name.Contains(vmName, StringComparison.OrdinalIgnoreCase)
            ? name.Replace(vmName, VmName, StringComparison.OrdinalIgnoreCase)
            : $"{VmName}-{name}";
    }

    /// <summary>The id of something in the target's group.</summary>
    public ResourceId IdFor(string type, string name) => ResourceId.Create(SubscriptionId, ResourceGroupName, type, name);
}
