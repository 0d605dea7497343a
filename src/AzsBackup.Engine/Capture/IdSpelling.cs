using System.Collections.Concurrent;
using System.Text;
using AzsBackup.Engine.Configuration;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Capture;

/// <summary>
/// One spelling for each id: providers of a stack spell the same id in different cases, a list in another than a GET, and a
/// record must not change with that. Subscriptions and groups become lower-case, types are spelled as specified, names as the
/// list of resources spells them, where one was read; GUIDs are lower-case. Safe for concurrent use.
/// </summary>
public sealed class IdSpelling(ResourceTypeTable types)
{
    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes note of how a top-level resource is named.</summary>
    /// <param name="id">Its id, in any spelling.</param>
    /// <param name="name">Its <c>name</c>; ignored where it is not the id's.</param>
    public void Learn(ResourceId id, string? name)
    {
        if (id.Parent is null && id.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) _names[id.ToString()] = name;
    }

    /// <summary>A text of a body: an id in its one spelling, anything else as it is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ownName">The name of the resource whose id it is, if its body says so.</param>
    public string Spell(string text, string? ownName = null) =>
        text.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase) && ResourceId.TryParse(text, out var id) ? Spell(id, text, ownName) : text;

    /// <summary>A type in its one spelling.</summary>
    public string SpellType(string type)
    {
        if (types.TrySpell(type, out var known)) return known;
        var slash = type.LastIndexOf('/');
        return slash < 0 ? type : $"{SpellType(type[..slash])}/{type[(slash + 1)..]}";
    }

    private string Spell(ResourceId id, string text, string? ownName)
    {
        var spelled = new StringBuilder(text.Length).Append("/subscriptions/").Append(id.SubscriptionId.ToLowerInvariant());
        if (id.ResourceGroupName is { } group) spelled.Append("/resourceGroups/").Append(group.ToLowerInvariant());
        var chain = new Stack<ResourceId>();
        for (var part = id; part is not null && !IsScope(part); part = part.Parent) chain.Push(part);
        ResourceId? above = null;
        foreach (var part in chain)
        {
            var type = SpellType(part.Type);
            if (above is null || part.IsExtension) spelled.Append("/providers/").Append(type);
            else spelled.Append(type.AsSpan(type.LastIndexOf('/')));
            spelled.Append('/').Append(NameOf(part, part == id ? ownName : null));
            above = part;
        }

        return spelled.ToString();
    }

    private string NameOf(ResourceId part, string? ownName)
    {
        if (Guid.TryParseExact(part.Name, "D", out var guid)) return guid.ToString("D");
        return _names.TryGetValue(part.ToString(), out var listed) ? listed
            : part.Name.Equals(ownName, StringComparison.OrdinalIgnoreCase) ? ownName
            : part.Name;
    }

    private static bool IsScope(ResourceId id) =>
        id.IsOfType("Microsoft.Resources/subscriptions") || id.IsOfType("Microsoft.Resources/resourceGroups");
}
