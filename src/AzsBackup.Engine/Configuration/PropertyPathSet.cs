namespace AzsBackup.Engine.Configuration;

/// <summary>
/// Many paths, walked together with a body: begin at <see cref="Root"/>, step with <see cref="PropertyPathNode.Property"/> and
/// <see cref="PropertyPathNode.Item"/>.
/// </summary>
public sealed class PropertyPathSet
{
    /// <summary>No path.</summary>
    public static readonly PropertyPathSet Empty = new([]);

    /// <summary>Makes a set.</summary>
    public PropertyPathSet(IEnumerable<PropertyPath> paths)
    {
        Paths = paths.ToList();
        foreach (var path in Paths)
        {
            var node = Root;
            foreach (var segment in path.Segments) node = node.Ensure(segment);
            node.EndsHere = true;
        }
    }

    /// <summary>The paths, in the order given.</summary>
    public IReadOnlyList<PropertyPath> Paths { get; }

    /// <summary>Where a body begins.</summary>
    public PropertyPathNode Root { get; } = new();

    /// <summary>Whether one of the paths is this one.</summary>
    public bool Contains(PropertyPath path)
    {
        var node = Root;
        foreach (var segment in path.Segments)
        {
            if (node.Find(segment) is not { } next) return false;
            node = next;
        }

        return node.EndsHere;
    }
}
