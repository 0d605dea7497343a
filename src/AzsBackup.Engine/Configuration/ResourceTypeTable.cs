using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AzsBackup.Engine.Configuration;

/// <summary>
/// What this project knows of resource types, read from <c>resource-types.json</c> beside this file, which names its sources.
/// Safe for concurrent use.
/// </summary>
public sealed class ResourceTypeTable
{
    private static readonly JsonSerializerOptions Style = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter() },
    };

    private static readonly Lazy<ResourceTypeTable> TheOne = new(Load);

    private readonly Dictionary<string, ResourceTypeDescription> _byType = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _spelling = new(StringComparer.OrdinalIgnoreCase);

    private ResourceTypeTable(ResourceTypeDocument document)
    {
        Types = document.Types;
        Volatile = document.Volatile.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var type in Types)
        {
            foreach (var name in type.Aliases.Prepend(type.Type))
            {
                _byType.Add(name, type);
                Spell(name);
            }

            foreach (var part in type.Inline) Spell($"{type.Type}/{part}");
        }

        void Spell(string name)
        {
            // A provider's spelling counts without its types as well: a type nobody described keeps its own.
            _spelling.TryAdd(name, name);
            _spelling.TryAdd(name[..name.IndexOf('/', StringComparison.Ordinal)], name[..name.IndexOf('/', StringComparison.Ordinal)]);
        }
    }

    /// <summary>The table.</summary>
    public static ResourceTypeTable Default => TheOne.Value;

    /// <summary>All types, in the table's order.</summary>
    public IReadOnlyList<ResourceTypeDescription> Types { get; }

    /// <summary>Properties of any type, anywhere in a body, that change without anybody changing the resource.</summary>
    public IReadOnlySet<string> Volatile { get; }

    /// <summary>What is known of a type, whatever the case; null if nothing is.</summary>
    public ResourceTypeDescription? Find(string type) => _byType.GetValueOrDefault(type);

    /// <summary>A type or a provider as the specification spells it, if the table has it.</summary>
    public bool TrySpell(string name, [NotNullWhen(true)] out string? spelling) => _spelling.TryGetValue(name, out spelling);

    private static ResourceTypeTable Load()
    {
        using var file = typeof(ResourceTypeTable).Assembly.GetManifestResourceStream("resource-types.json")!;
        return new ResourceTypeTable(JsonSerializer.Deserialize<ResourceTypeDocument>(file, Style)!);
    }
}
