using System.Text;

namespace AzsBackup.Engine.Comparison;

/// <summary>
/// A place in a resource's body. Written as <c>properties.subnets[name=web].properties.addressPrefix</c>; a property whose name
/// is not made of letters, digits, <c>-</c>, <c>_</c> and <c>$</c> stands quoted: <c>tags['cost.center']</c>.
/// </summary>
public sealed record PropertyPath
{
    private PropertyPath(PropertyPath? parent, string name, string? value, PropertyPathStep step)
    {
        Parent = parent;
        Name = name;
        Value = value;
        Step = step;
    }

    /// <summary>The body itself.</summary>
    public static PropertyPath Root { get; } = new(null, "", null, PropertyPathStep.Root);

    /// <summary>The place this one is in; null for the body itself.</summary>
    public PropertyPath? Parent { get; }

    /// <summary>The last step's kind.</summary>
    public PropertyPathStep Step { get; }

    /// <summary>The property's name; for an item, the property that tells it from the others; for a place in a list, its number.</summary>
    public string Name { get; }

    /// <summary>The value of the property that tells an item from the others; null for other steps.</summary>
    public string? Value { get; }

    /// <summary>A property of the object here.</summary>
    public PropertyPath Property(string name) => new(this, name, null, PropertyPathStep.Property);

    /// <summary>The item of the list here whose property <paramref name="key"/> has this value.</summary>
    public PropertyPath Item(string key, string value) => new(this, key, value, PropertyPathStep.Item);

    /// <summary>The item at a place in the list here, counted from 0.</summary>
    public PropertyPath At(int index) => new(this, index.ToString(System.Globalization.CultureInfo.InvariantCulture), null, PropertyPathStep.Index);

    /// <summary>The names of the properties on the way, joined by dots, without what tells items of lists apart.</summary>
    public string ToPlainString()
    {
        var text = new StringBuilder();
        foreach (var step in Steps())
        {
            if (step.Step != PropertyPathStep.Property) continue;
            if (text.Length > 0) text.Append('.');
            text.Append(step.Name);
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var step in Steps())
        {
            switch (step.Step)
            {
                case PropertyPathStep.Property when IsPlain(step.Name):
                    if (text.Length > 0) text.Append('.');
                    text.Append(step.Name);
                    break;
                case PropertyPathStep.Property:
                    text.Append("['").Append(step.Name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)).Append("']");
                    break;
                case PropertyPathStep.Item:
                    text.Append('[').Append(step.Name).Append('=')
                        .Append(step.Value!.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal)).Append(']');
                    break;
                case PropertyPathStep.Index:
                    text.Append('[').Append(step.Name).Append(']');
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>The steps from the body to this place.</summary>
    public IReadOnlyList<PropertyPath> Steps()
    {
        var steps = new List<PropertyPath>();
        for (var at = this; at.Parent is not null; at = at.Parent) steps.Add(at);
        steps.Reverse();
        return steps;
    }

    private static bool IsPlain(string name) =>
        name.Length > 0 && name.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '$');
}
