using System.Diagnostics.CodeAnalysis;

namespace AzsBackup.Emulator.Arm;

/// <summary>The resources and resource groups of the subscription. Guarded by <see cref="StackState.Gate"/>.</summary>
internal sealed class ResourceStore
{
    private readonly Dictionary<string, ArmResource> _resources = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedDictionary<string, ResourceGroup> _groups = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Grows with every change, so that what is derived from the resources knows when it is out of date.</summary>
    public long Version { get; private set; }

    public IReadOnlyCollection<ResourceGroup> Groups => _groups.Values;

    /// <summary>All resources in the order of their ids.</summary>
    public IEnumerable<ArmResource> All => _resources.Values.OrderBy(resource => resource.Id.Text, StringComparer.OrdinalIgnoreCase);

    /// <summary>All resources in no particular order.</summary>
    public IEnumerable<ArmResource> Unordered => _resources.Values;

    public bool TryGet(ArmId id, [NotNullWhen(true)] out ArmResource? resource) => _resources.TryGetValue(id.Text, out resource);

    public ArmResource? Find(string? id) => id is not null && _resources.TryGetValue(id.TrimEnd('/'), out ArmResource? resource) ? resource : null;

    /// <summary>The resource of that id if it has that type.</summary>
    public ArmResource? Find(string? id, string type) => Find(id) is { } found && found.Id.Is(type) ? found : null;

    public ResourceGroup? FindGroup(string name) => _groups.GetValueOrDefault(name);

    public void Put(ArmResource resource)
    {
        _resources[resource.Id.Text] = resource;
        Touch();
    }

    public void Remove(ArmResource resource)
    {
        if (_resources.TryGetValue(resource.Id.Text, out ArmResource? stored) && stored == resource)
            _resources.Remove(resource.Id.Text);
        Touch();
    }

    public void Put(ResourceGroup group)
    {
        _groups[group.Name] = group;
        Touch();
    }

    public void Remove(ResourceGroup group)
    {
        _groups.Remove(group.Name);
        Touch();
    }

    /// <summary>Says that a resource's body or state was changed in place.</summary>
    public void Touch() => Version++;

    /// <summary>Resources at or below a scope, children and extension resources included.</summary>
    public IEnumerable<ArmResource> Below(string scope) =>
        All.Where(resource => resource.Id.Text.Length > scope.Length
            && resource.Id.Text.StartsWith(scope, StringComparison.OrdinalIgnoreCase)
            && resource.Id.Text[scope.Length] == '/');

    public IEnumerable<ArmResource> OfType(string type) => All.Where(resource => resource.Id.Is(type));
}
