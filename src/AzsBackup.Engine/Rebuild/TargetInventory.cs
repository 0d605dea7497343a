using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Rebuild;

/// <summary>What there is on the target, asked once each. For one plan, one after the other.</summary>
internal sealed class TargetInventory(IStack stack, VmMap map)
{
    private readonly Dictionary<ResourceId, ResourceBody?> _found = [];
    private readonly Dictionary<string, IReadOnlyList<ResourceBody>> _listed = new(StringComparer.OrdinalIgnoreCase);

    public string Subscription => $"/subscriptions/{map.SubscriptionId}";

    public string Location => stack.Connection.Location;

    public string HostName => stack.HostName;

    /// <summary>Whether what was captured was captured here.</summary>
    public bool IsSourceOf(CapturedVm vm) =>
        vm.Stack.Equals(stack.HostName, StringComparison.OrdinalIgnoreCase)
        && vm.Vm.Id.SubscriptionId.Equals(map.SubscriptionId, StringComparison.OrdinalIgnoreCase);

    public async Task<ResourceBody?> FindAsync(ResourceId id, CancellationToken cancellationToken)
    {
        if (!_found.TryGetValue(id, out var known))
        {
            known = await stack.Resources.FindAsync(id, cancellationToken).ConfigureAwait(false);
            _found[id] = known;
        }

        return known;
    }

    /// <summary>The items of a collection.</summary>
    public async Task<IReadOnlyList<ResourceBody>> ListAsync(string path, string type, CancellationToken cancellationToken)
    {
        if (!_listed.TryGetValue(path, out var known))
        {
            var listed = new List<ResourceBody>();
            await foreach (var item in stack.Resources.ListAsync(path, type, cancellationToken).ConfigureAwait(false)) listed.Add(item);
            _listed[path] = known = listed;
        }

        return known;
    }

    /// <summary>All resources of a type in the subscription.</summary>
    public Task<IReadOnlyList<ResourceBody>> ListAsync(string type, CancellationToken cancellationToken) =>
        ListAsync($"{Subscription}/providers/{type}", type, cancellationToken);

    /// <summary>
    /// What stands on the target for a captured resource that others may use as well: the very one, if the target is where it was
    /// captured; else one of its name, in a group of its group's name or in the VM's new group.
    /// </summary>
    public async Task<ResourceBody?> FindSharedAsync(CapturedVm vm, ResourceId captured, CancellationToken cancellationToken)
    {
        if (IsSourceOf(vm) && await FindAsync(captured, cancellationToken).ConfigureAwait(false) is { } same) return same;
        foreach (var group in new[] { captured.ResourceGroupName!, map.ResourceGroupName })
        {
            var id = ResourceId.Create(map.SubscriptionId, group, captured.Type, captured.Name);
            if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is { } namesake) return namesake;
        }

        return null;
    }
}
