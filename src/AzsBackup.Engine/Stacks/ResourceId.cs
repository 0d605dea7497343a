using System.Diagnostics.CodeAnalysis;

namespace AzsBackup.Engine.Stacks;

/// <summary>
/// A Resource Manager id that is well formed: a subscription, a resource group or a resource, children included.
/// Stacks spell the same id in different cases (a stamp was recorded returning an upper-case resource group),
/// so ids are equal whatever their case, and <see cref="ToString"/> gives the spelling that was parsed.
/// </summary>
public sealed class ResourceId : IEquatable<ResourceId>
{
    private readonly string _text;

    private ResourceId(string text, string subscriptionId, string? resourceGroupName, string type, string name, ResourceId? parent)
    {
        _text = text;
        SubscriptionId = subscriptionId;
        ResourceGroupName = resourceGroupName;
        Type = type;
        Name = name;
        Parent = parent;
    }

    /// <summary>The subscription.</summary>
    public string SubscriptionId { get; }

    /// <summary>The resource group; null at subscription level.</summary>
    public string? ResourceGroupName { get; }

    /// <summary>
    /// The type, for example <c>Microsoft.Compute/virtualMachines/extensions</c>;
    /// <c>Microsoft.Resources/resourceGroups</c> and <c>Microsoft.Resources/subscriptions</c> for those.
    /// </summary>
    public string Type { get; }

    /// <summary>The last name in the id.</summary>
    public string Name { get; }

    /// <summary>The resource it is a child or an extension of; null for a top-level resource.</summary>
    public ResourceId? Parent { get; }

    /// <summary>The provider namespace, for example <c>Microsoft.Compute</c>.</summary>
    public string Provider => Type[..Type.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>The names from the top-level resource down, joined by <c>/</c>.</summary>
    public string FullName => Parent is null || IsExtension ? Name : $"{Parent.FullName}/{Name}";

    /// <summary>Whether it hangs on another resource through a second <c>/providers/</c>, as locks and role assignments do.</summary>
    public bool IsExtension => Parent is not null && !Type.StartsWith(Parent.Type + "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Makes the id of a top-level resource.</summary>
    public static ResourceId Create(string subscriptionId, string resourceGroupName, string type, string name) =>
        Parse($"/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/{type}/{name}");

    /// <summary>Makes the id of a resource group.</summary>
    public static ResourceId CreateGroup(string subscriptionId, string resourceGroupName) =>
        Parse($"/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}");

    /// <summary>Makes the id of a child of this resource.</summary>
    public ResourceId Child(string childType, string childName) => Parse($"{_text}/{childType}/{childName}");

    /// <summary>Parses an id.</summary>
    /// <exception cref="FormatException">It is not an id of a subscription, a resource group or a resource.</exception>
    public static ResourceId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a Resource Manager id.");

    /// <summary>Parses an id; false if the text is none.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ResourceId? id)
    {
        id = null;
        if (text is null || !text.StartsWith('/')) return false;
        var parts = text.TrimEnd('/').Split('/')[1..];
        if (parts.Length < 2 || Array.Exists(parts, string.IsNullOrWhiteSpace) || !Is(parts[0], "subscriptions")) return false;

        var subscription = parts[1];
        var at = 2;
        string? group = null;
        ResourceId current = new(Prefix(2), subscription, null, "Microsoft.Resources/subscriptions", subscription, null);
        if (at + 1 < parts.Length && Is(parts[at], "resourceGroups"))
        {
            group = parts[at + 1];
            at += 2;
            current = new(Prefix(at), subscription, group, "Microsoft.Resources/resourceGroups", group, null);
        }

        ResourceId? owner = null;
        while (at < parts.Length)
        {
            if (Is(parts[at], "providers"))
            {
                if (at + 3 >= parts.Length || !parts[at + 1].Contains('.', StringComparison.Ordinal)) return false;
                current = new(Prefix(at + 4), subscription, group, $"{parts[at + 1]}/{parts[at + 2]}", parts[at + 3], owner);
                at += 4;
            }
            else
            {
                if (owner is null || at + 1 >= parts.Length) return false;
                current = new(Prefix(at + 2), subscription, group, $"{owner.Type}/{parts[at]}", parts[at + 1], owner);
                at += 2;
            }

            owner = current;
        }

        id = current;
        return true;

        string Prefix(int count) => "/" + string.Join('/', parts[..count]);
        static bool Is(string part, string keyword) => part.Equals(keyword, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether this is of the given type, whatever the case.</summary>
    public bool IsOfType(string type) => Type.Equals(type, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public bool Equals(ResourceId? other) => other is not null && _text.Equals(other._text, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ResourceId);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(_text);

    /// <inheritdoc/>
    public override string ToString() => _text;
}
