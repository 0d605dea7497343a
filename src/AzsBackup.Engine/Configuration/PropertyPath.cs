namespace AzsBackup.Engine.Configuration;

/// <summary>
/// A path to values in a resource's body: property names joined by dots; <c>[]</c> stands for the items of an array, a last
/// <c>*</c> for everything below. For example <c>properties.subnets[].properties.routeTable.id</c>. Names are compared
/// without regard to case, as Resource Manager does.
/// </summary>
public sealed record PropertyPath
{
    /// <summary>The segment that stands for the items of an array.</summary>
    public const string Items = "[]";

    /// <summary>The segment that stands for everything below.</summary>
    public const string Everything = "*";

    private PropertyPath(string text, IReadOnlyList<string> segments)
    {
        Text = text;
        Segments = segments;
    }

    /// <summary>The path as it was written.</summary>
    public string Text { get; }

    /// <summary>Property names, <see cref="Items"/> and <see cref="Everything"/>, from the top.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>Takes a path apart.</summary>
    /// <exception cref="FormatException">It is empty, has an empty name, or goes on after <c>*</c>.</exception>
    public static PropertyPath Parse(string text)
    {
        var segments = new List<string>();
        foreach (var part in text.Split('.'))
        {
            var name = part;
            var arrays = 0;
            while (name.EndsWith(Items, StringComparison.Ordinal))
            {
                name = name[..^Items.Length];
                arrays++;
            }

            if (name.Length == 0 || (segments.Count > 0 && segments[^1] == Everything)) throw new FormatException($"'{text}' is no path of properties.");
            segments.Add(name);
            segments.AddRange(Enumerable.Repeat(Items, arrays));
        }

        return new PropertyPath(text, segments);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
