using System.Text;

namespace AzsBackup.Engine.Comparison;

/// <summary>
/// A place in a resource's body. Written as <c>properties.subnets[name=web].properties.addressPrefix</c>; a property whose name
/// is not made of letters, digits, <c>-</c>, <c>_</c> and <c>$</c> stands quoted: <c>tags['cost.center']</c>.
/// </summary>
public sealed record DifferencePath
{
    private DifferencePath(DifferencePath? parent, string name, string? value, DifferencePathStep step)
    {
        Parent = parent;
        Name = name;
        Value = value;
        Step = step;
    }

    /// <summary>The body itself.</summary>
    public static DifferencePath Root { get; } = new(null, "", null, DifferencePathStep.Root);

    /// <summary>The place this one is in; null for the body itself.</summary>
    public DifferencePath? Parent { get; }

    /// <summary>The last step's kind.</summary>
    public DifferencePathStep Step { get; }

    /// <summary>The property's name; for an item, the property that tells it from the others; for a place in a list, its number.</summary>
    public string Name { get; }

    /// <summary>The value of the property that tells an item from the others; null for other steps.</summary>
    public string? Value { get; }

    /// <summary>A property of the object here.</summary>
    public DifferencePath Property(string name) => new(this, name, null, DifferencePathStep.Property);

    /// <summary>The item of the list here whose property <paramref name="key"/> has this value.</summary>
    public DifferencePath Item(string key, string value) => new(this, key, value, DifferencePathStep.Item);

    /// <summary>The item at a place in the list here, counted from 0.</summary>
    public DifferencePath At(int index) => new(this, index.ToString(System.Globalization.CultureInfo.InvariantCulture), null, DifferencePathStep.Index);

    /// <summary>The names of the properties on the way, joined by dots, without what tells items of lists apart.</summary>
    public string ToPlainString()
    {
        var text = new StringBuilder();
        foreach (var step in Steps())
        {
            if (step.Step != DifferencePathStep.Property) continue;
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
                case DifferencePathStep.Property when IsPlain(step.Name):
                    if (text.Length > 0) text.Append('.');
                    text.Append(step.Name);
                    break;
                case DifferencePathStep.Property:
                    text.Append("['").Append(step.Name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)).Append("']");
                    break;
                case DifferencePathStep.Item:
                    text.Append('[').Append(step.Name).Append('=')
                        .Append(step.Value!.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal)).Append(']');
                    break;
                case DifferencePathStep.Index:
                    text.Append('[').Append(step.Name).Append(']');
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>The steps from the body to this place.</summary>
    public IReadOnlyList<DifferencePath> Steps()
    {
        var steps = new List<DifferencePath>();
        for (var at = this; at.Parent is not null; at = at.Parent) steps.Add(at);
        steps.Reverse();
        return steps;
    }

    private static bool IsPlain(string name) =>
        name.Length > 0 && name.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '$');
}
