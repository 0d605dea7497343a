using System.Collections.Concurrent;
using AzsBackup.Engine.Configuration;

namespace AzsBackup.Engine.Deployment;

/// <summary>What the type table says about deploying a type, in the form in which a body is walked.</summary>
internal sealed record TypeForm
{
    private static readonly ConcurrentDictionary<ResourceTypeDescription, TypeForm> Known = new();

    public required PropertyPathSet Writable { get; init; }

    public required PropertyPathSet Shown { get; init; }

    public required PropertyPathSet References { get; init; }

    public required PropertyPathSet AccountReferences { get; init; }

    public required PropertyPathSet Principals { get; init; }

    public required PropertyPathSet Tenants { get; init; }

    public required PropertyPathSet Names { get; init; }

    public static TypeForm For(ResourceTypeDescription type) => Known.GetOrAdd(type, Make);

    private static TypeForm Make(ResourceTypeDescription type) => new()
    {
        Writable = Set(type.Writable),
        Shown = Set(type.ReadOnly.Flagged.Concat(type.ReadOnly.FlaggedLater).Concat(type.ReadOnly.ByHand).Concat(type.BackReferences).Concat(type.Volatile)),
        References = Set(type.References),
        AccountReferences = Set(type.AccountReferences),
        Principals = Set(type.Principals),
        Tenants = Set(type.Tenants),
        Names = Set(type.NameParameters.Where(path => path != "name")),
    };

    private static PropertyPathSet Set(IEnumerable<string> paths) => new(paths.Select(PropertyPath.Parse));
}
