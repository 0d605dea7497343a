using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Deployment;

/// <summary>The resources of a deployment, to find what an id means among them.</summary>
/// <param name="parameters">Makes parameters for names.</param>
/// <param name="disks">What becomes of disks.</param>
/// <param name="map">What is called otherwise where it is deployed.</param>
internal sealed class KnownResources(ParameterNames parameters, VirtualMachineDisks disks, StampMap map)
{
    private const string Account = "Microsoft.Storage/storageAccounts";
    private readonly Dictionary<ResourceId, CapturedBody> _byId = [];
    private readonly Dictionary<string, CapturedBody> _accounts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes in a resource that will be deployed.</summary>
    public void Add(CapturedBody resource)
    {
        _byId[resource.Id] = resource;
        if (resource.IsOfType(Account)) _accounts[resource.Id.Name] = resource;
    }

    /// <summary>The resource that an id is of, or is a part of: the longest id that is known.</summary>
    /// <param name="id">The id.</param>
    /// <param name="owner">What must be there; null for a disk that must be there before.</param>
    public bool TryFind(ResourceId id, out ResourceId? owner)
    {
        owner = disks.MakerOf(id.ToString());
        if (owner is not null || disks.IsNeeded(id.ToString())) return true;
        for (var at = id; at is not null; at = at.Parent)
        {
            if (!_byId.TryGetValue(at, out var found)) continue;
            owner = found.Id;
            return true;
        }

        return false;
    }

    /// <summary>The storage account that an address of a blob is in, by its endpoint or its name; null if the deployment has none.</summary>
    /// <param name="address">The address.</param>
    /// <param name="path">What follows the account's blob endpoint.</param>
    public CapturedBody? FindAccount(Uri address, out string path)
    {
        path = address.AbsolutePath.TrimStart('/');
        if (address.Host.Split('.') is [var name, "blob", ..]) return _accounts.GetValueOrDefault(name);
        foreach (var account in _accounts.Values)
        {
            if (CapturedBody.TextAt(account.Properties, "primaryEndpoints", "blob") is not { } endpoint || !address.AbsoluteUri.StartsWith(endpoint, StringComparison.OrdinalIgnoreCase)) continue;
            path = address.AbsoluteUri[endpoint.Length..];
            return account;
        }

        return null;
    }

    /// <summary>The names in an id, from the top, or an extension's own.</summary>
    public IReadOnlyList<DeploymentValue> NamesOf(ResourceId id)
    {
        var names = new List<DeploymentValue>();
        for (var at = id; ; at = at.Parent)
        {
            names.Insert(0, NameOf(at));
            if (at.Parent is null || at.IsExtension) return names;
        }
    }

    /// <summary>The id as an expression.</summary>
    public DeploymentValue.Resource Refer(ResourceId id) => new(id, NamesOf(id));

    private DeploymentValue NameOf(ResourceId id)
    {
        if (!_byId.TryGetValue(id, out var known) || !known.Type.NameParameters.Contains("name")) return new DeploymentValue.Text(id.Name);
        var name = StampMap.Map(map.Names, known.Id.Name);
        return parameters.For(known.Id.ToString(), $"{LastOf(known.Type.Type)}_{name}_name", DeploymentParameterKind.Name, $"The name of {known.Type.Type} '{name}'. It must be unique on the stack.", new DeploymentValue.Text(name));
    }

    /// <summary>The last segment of a type.</summary>
    public static string LastOf(string type) => type[(type.LastIndexOf('/') + 1)..];
}
