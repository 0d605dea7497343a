using System.Text.Json;
using System.Text.Json.Serialization;
using AzsBackup.Model;

namespace AzsBackup.Engine.Deployment;

/// <summary>
/// What is called otherwise where a capture is deployed: a JSON object of the objects below, each of captured values and what
/// stands in their place. It is applied to whole values at known places of the captured resources, never to text in general:
/// <c>{ "principals": { "3b6f2f0e-…": "77aa…" }, "vmSizes": { "Standard_DS1_v2": "Standard_D2_v2" } }</c>.
/// </summary>
public sealed record StampMap
{
    /// <summary>Everything stays.</summary>
    public static readonly StampMap None = new();

    private static readonly JsonSerializerOptions Style = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>Users, groups and applications, by object id.</summary>
    public IReadOnlyDictionary<string, string> Principals { get; init; } = new Dictionary<string, string>();

    /// <summary>Directories, by id.</summary>
    public IReadOnlyDictionary<string, string> Tenants { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of storage accounts and vaults, and DNS labels.</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();

    /// <summary>Ids and addresses of what is not in the deployment.</summary>
    public IReadOnlyDictionary<string, string> External { get; init; } = new Dictionary<string, string>();

    /// <summary>Locations of resources that are elsewhere than most.</summary>
    public IReadOnlyDictionary<string, string> Locations { get; init; } = new Dictionary<string, string>();

    /// <summary>Sizes of virtual machines.</summary>
    public IReadOnlyDictionary<string, string> VmSizes { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads a map.</summary>
    /// <param name="json">The file's content.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="AzsException"><c>StampMapInvalid</c>.</exception>
    public static StampMap Read(ReadOnlySpan<byte> json, string path)
    {
        try
        {
            return JsonSerializer.Deserialize<StampMap>(json, Style) ?? None;
        }
        catch (JsonException damage)
        {
            throw new AzsException(
                AzsErrorKind.InvalidInput,
                "StampMapInvalid",
                $"'{path}' is no stamp map: {damage.Message}",
                "Give a JSON object with principals, tenants, names, external, locations or vmSizes, each an object of captured values and their replacements.",
                path,
                damage);
        }
    }

    /// <summary>What stands in the place of a value: itself if the map does not say.</summary>
    internal static string Map(IReadOnlyDictionary<string, string> values, string text)
    {
        if (values.TryGetValue(text, out var found)) return found;
        foreach (var (from, to) in values)
        {
            if (from.Equals(text, StringComparison.OrdinalIgnoreCase)) return to;
        }

        return text;
    }
}
