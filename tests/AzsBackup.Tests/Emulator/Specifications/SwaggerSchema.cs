namespace AzsBackup.Tests.Emulator.Specifications;

/// <summary>A schema with its references resolved and its <c>allOf</c> merged. Filled by <see cref="SwaggerLoader"/>; recursive schemas point at themselves.</summary>
internal sealed class SwaggerSchema
{
    /// <summary>The name of the definition, for messages; empty for a schema written in place.</summary>
    public string Name { get; init; } = "";

    /// <summary>The JSON type, or <see langword="null"/> where the document names none or lacks the file referred to.</summary>
    public string? Type { get; set; }

    public string? Format { get; set; }

    public string? Pattern { get; set; }

    public decimal? Minimum { get; set; }

    public decimal? Maximum { get; set; }

    /// <summary>The values allowed; <see langword="null"/> if any is, as where <c>x-ms-enum.modelAsString</c> leaves the list open.</summary>
    public HashSet<string>? Values { get; set; }

    public Dictionary<string, SwaggerSchema> Properties { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Required { get; } = new(StringComparer.Ordinal);

    /// <summary>The schema of properties that are not named, or <see langword="null"/> if there may be none.</summary>
    public SwaggerSchema? Additional { get; set; }

    public SwaggerSchema? Items { get; set; }

    /// <summary>Whether the value goes in and never comes out: passwords and the like.</summary>
    public bool IsSecret { get; set; }

    /// <summary>Whether any object will do: nothing is said about its properties.</summary>
    public bool IsFreeForm => Properties.Count == 0 && Additional is null;

    public override string ToString() => Name.Length > 0 ? Name : Type ?? "anything";

    /// <summary>What an <c>allOf</c> adds.</summary>
    public void Inherit(SwaggerSchema parent)
    {
        Type ??= parent.Type;
        Additional ??= parent.Additional;
        foreach ((string name, SwaggerSchema schema) in parent.Properties)
            Properties.TryAdd(name, schema);
        Required.UnionWith(parent.Required);
    }
}
