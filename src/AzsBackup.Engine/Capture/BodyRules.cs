using System.Collections.Concurrent;
using AzsBackup.Engine.Configuration;

namespace AzsBackup.Engine.Capture;

/// <summary>What the type table says of the values in a body, in the form in which a body is walked.</summary>
internal sealed record BodyRules
{
    private static readonly ConcurrentDictionary<ResourceTypeDescription, BodyRules> Known = new();

    private static readonly BodyRules Unknown = new();

    /// <summary>Values left out.</summary>
    public PropertyPathSet Volatile { get; private init; } = PropertyPathSet.Empty;

    /// <summary>Values that are secrets.</summary>
    public PropertyPathSet Secrets { get; private init; } = PropertyPathSet.Empty;

    /// <summary>Maps and lists of settings.</summary>
    public PropertyPathSet Settings { get; private init; } = PropertyPathSet.Empty;

    /// <summary>Documents of another form.</summary>
    public PropertyPathSet FreeForm { get; private init; } = PropertyPathSet.Empty;

    /// <summary>Resources that refer to this one, of which the id is enough.</summary>
    public PropertyPathSet BackReferences { get; private init; } = PropertyPathSet.Empty;

    /// <summary>Arrays without an order.</summary>
    public PropertyPathSet Sets { get; private init; } = PropertyPathSet.Empty;

    /// <summary>What orders the items of a set, by the set's place.</summary>
    public IReadOnlyDictionary<PropertyPathNode, IReadOnlyList<PropertyPath>> SetKeys { get; private init; } =
        new Dictionary<PropertyPathNode, IReadOnlyList<PropertyPath>>();

    /// <summary>The rules for a type; those for all types if nothing is known of it.</summary>
    public static BodyRules For(ResourceTypeDescription? type) => type is null ? Unknown : Known.GetOrAdd(type, Make);

    private static BodyRules Make(ResourceTypeDescription type)
    {
        var sets = Set(type.Sets.Keys);
        return new BodyRules
        {
            Volatile = Set(type.Volatile),
            Secrets = Set(type.Secrets),
            Settings = Set(type.Settings),
            FreeForm = Set(type.FreeForm),
            BackReferences = Set(type.BackReferences),
            Sets = sets,
            SetKeys = type.Sets.ToDictionary(
                set => PlaceOf(sets, PropertyPath.Parse(set.Key)),
                IReadOnlyList<PropertyPath> (set) => [.. set.Value.Select(PropertyPath.Parse)]),
        };
    }

    private static PropertyPathSet Set(IEnumerable<string> paths) => new(paths.Select(PropertyPath.Parse));

    private static PropertyPathNode PlaceOf(PropertyPathSet set, PropertyPath path) =>
        path.Segments.Aggregate(set.Root, (node, segment) => node.Property(segment)!);
}
