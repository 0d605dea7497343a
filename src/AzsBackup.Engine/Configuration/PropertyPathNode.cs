namespace AzsBackup.Engine.Configuration;

/// <summary>A place in a body as a <see cref="PropertyPathSet"/> sees it.</summary>
public sealed class PropertyPathNode
{
    private readonly Dictionary<string, PropertyPathNode> _below = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a path of the set ends here: it means this value as a whole.</summary>
    public bool EndsHere { get; internal set; }

    /// <summary>Whether a path of the set means everything below.</summary>
    public bool HasEverything => _below.ContainsKey(PropertyPath.Everything);

    /// <summary>The place of a property; null if no path leads there. Below <c>*</c> all places are matched.</summary>
    public PropertyPathNode? Property(string name) => _below.GetValueOrDefault(name) ?? (HasEverything ? AllBelow : null);

    /// <summary>The place of an array's items; null if no path leads there.</summary>
    public PropertyPathNode? Item() => Property(PropertyPath.Items);

    internal PropertyPathNode? Find(string segment) => _below.GetValueOrDefault(segment);

    internal PropertyPathNode Ensure(string segment)
    {
        if (!_below.TryGetValue(segment, out var node)) _below.Add(segment, node = new PropertyPathNode());
        return node;
    }

    private static PropertyPathNode AllBelow { get; } = MakeAllBelow();

    private static PropertyPathNode MakeAllBelow()
    {
        var node = new PropertyPathNode { EndsHere = true };
        node._below.Add(PropertyPath.Everything, node);
        return node;
    }
}
