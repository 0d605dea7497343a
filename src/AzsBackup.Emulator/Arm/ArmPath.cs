namespace AzsBackup.Emulator.Arm;

/// <summary>A request path taken apart: a scope, and below its last <c>providers</c> a namespace, types and names.</summary>
internal sealed class ArmPath
{
    private ArmPath(string text, string[] scope, string? provider, string[] types, string[] names)
    {
        Text = text;
        ScopeSegments = scope;
        Provider = provider;
        Types = types;
        Names = names;
    }

    public string Text { get; }

    /// <summary>The segments before the last <c>providers</c>, or all if there is none.</summary>
    public IReadOnlyList<string> ScopeSegments { get; }

    public string Scope => ScopeSegments.Count == 0 ? "" : "/" + string.Join('/', ScopeSegments);

    /// <summary>The provider namespace, or <see langword="null"/> when the path names none.</summary>
    public string? Provider { get; }

    public IReadOnlyList<string> Types { get; }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The full type, or <see langword="null"/> when the path ends at a namespace or before.</summary>
    public string? Type => Types.Count == 0 ? null : Provider + "/" + string.Join('/', Types);

    /// <summary>Whether the path ends in a name, so that it means one resource and not a collection or an action.</summary>
    public bool IsResource => Types.Count > 0 && Types.Count == Names.Count;

    public string? Subscription => ScopeSegments.Count >= 2 && Equal(ScopeSegments[0], "subscriptions") ? ScopeSegments[1] : null;

    public string? ResourceGroup => Subscription is not null && ScopeSegments.Count >= 4 && Equal(ScopeSegments[2], "resourceGroups") ? ScopeSegments[3] : null;

    public static ArmPath Parse(string path)
    {
        string[] segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        int providers = ArmId.LastProviders(segments);
        if (providers < 0 || segments.Length == providers + 1)
            return new ArmPath(path, segments, null, [], []);
        string[] rest = segments[(providers + 2)..];
        string[] types = [.. rest.Where((_, i) => i % 2 == 0)];
        string[] names = [.. rest.Where((_, i) => i % 2 == 1)];
        return new ArmPath(path, segments[..providers], segments[providers + 1], types, names);
    }

    /// <summary>The resource the path names.</summary>
    public ArmId ToId() => ArmId.Create(Scope, Provider!, Types, Names);

    /// <summary>The resource that the path's last, nameless segment is a child collection or an action of; <see langword="null"/> at the top.</summary>
    public ArmId? ToOwnerId() => Types.Count > 1 && !IsResource ? ArmId.Create(Scope, Provider!, [.. Types.SkipLast(1)], Names) : null;

    internal static bool Equal(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
