using System.Diagnostics.CodeAnalysis;

namespace AzsBackup.Emulator.Arm;

/// <summary>The id of a resource: its scope, type and names. Ids are compared without regard to case and keep the spelling they were written in.</summary>
internal sealed class ArmId : IEquatable<ArmId>
{
    private ArmId(string scope, string provider, IReadOnlyList<string> types, IReadOnlyList<string> names)
    {
        Scope = scope;
        Provider = provider;
        Types = types;
        Names = names;
        string[] parts = new string[types.Count];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = types[i] + "/" + names[i];
        Text = $"{scope}/providers/{provider}/{string.Join('/', parts)}";
        Type = provider + "/" + string.Join('/', types);
    }

    /// <summary>The scope's id: empty for the tenant, else a subscription, a resource group or another resource.</summary>
    public string Scope { get; }

    /// <summary>The provider namespace, as written.</summary>
    public string Provider { get; }

    public IReadOnlyList<string> Types { get; }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The type with its namespace, as written.</summary>
    public string Type { get; }

    public string Name => Names[^1];

    /// <summary>The whole id.</summary>
    public string Text { get; }

    /// <summary>The subscription in the scope, if any.</summary>
    public string? Subscription => Segment(1);

    /// <summary>The resource group in the scope, if any.</summary>
    public string? ResourceGroup => Segment(3);

    /// <summary>The resource this one is a child of, or <see langword="null"/>.</summary>
    public ArmId? Parent => Types.Count == 1 ? null : new ArmId(Scope, Provider, [.. Types.SkipLast(1)], [.. Names.SkipLast(1)]);

    public static ArmId Create(string scope, string provider, IReadOnlyList<string> types, IReadOnlyList<string> names) =>
        new(scope, provider, types, names);

    public static ArmId Parse(string text) =>
        TryParse(text, out ArmId? id) ? id : throw new FormatException($"'{text}' is not the id of a resource.");

    public static bool TryParse(string? text, [NotNullWhen(true)] out ArmId? id)
    {
        id = null;
        if (string.IsNullOrEmpty(text) || text[0] != '/')
            return false;
        string[] segments = text.Trim('/').Split('/');
        int providers = LastProviders(segments);
        int rest = segments.Length - providers - 2;
        if (providers < 0 || rest < 2 || rest % 2 != 0 || segments.Any(string.IsNullOrWhiteSpace))
            return false;
        string scope = providers == 0 ? "" : "/" + string.Join('/', segments[..providers]);
        string[] types = new string[rest / 2];
        string[] names = new string[rest / 2];
        for (int i = 0; i < types.Length; i++)
        {
            types[i] = segments[providers + 2 + (2 * i)];
            names[i] = segments[providers + 3 + (2 * i)];
        }

        id = new ArmId(scope, segments[providers + 1], types, names);
        return true;
    }

    /// <summary>The position of the last <c>providers</c> that stands where a keyword may stand, or -1.</summary>
    internal static int LastProviders(IReadOnlyList<string> segments)
    {
        int found = -1;
        for (int i = 0; i < segments.Count - 1;)
        {
            if (!segments[i].Equals("providers", StringComparison.OrdinalIgnoreCase))
            {
                i += 2;
                continue;
            }

            found = i;
            i += 2;
        }

        return found;
    }

    public ArmId Child(string type, string name) => new(Scope, Provider, [.. Types, type], [.. Names, name]);

    public ArmId WithType(string type)
    {
        string[] parts = type.Split('/');
        return new ArmId(Scope, parts[0], parts[1..], Names);
    }

    public ArmId WithScope(string scope) => new(scope, Provider, Types, Names);

    public bool Is(string type) => Type.Equals(type, StringComparison.OrdinalIgnoreCase);

    public bool Equals(ArmId? other) => other is not null && Text.Equals(other.Text, StringComparison.OrdinalIgnoreCase);

    public override bool Equals(object? obj) => Equals(obj as ArmId);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Text;

    private string? Segment(int index)
    {
        string[] segments = Scope.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length <= index || !segments[0].Equals("subscriptions", StringComparison.OrdinalIgnoreCase))
            return null;
        return index == 1 || segments[2].Equals("resourceGroups", StringComparison.OrdinalIgnoreCase) ? segments[index] : null;
    }
}
