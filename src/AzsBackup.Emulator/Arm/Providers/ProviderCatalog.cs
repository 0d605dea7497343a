using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Arm.Providers;

/// <summary>
/// The providers, types and api-versions of the stamp, from <c>providers.json</c>: what a stamp of 2019 listed, what the
/// 2019-03-01-hybrid and 2020-09-01-hybrid profiles pin, and what newer builds were seen to accept.
/// </summary>
internal sealed class ProviderCatalog
{
    private readonly Dictionary<string, ResourceTypeEntry> _types = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedDictionary<string, List<ResourceTypeEntry>> _providers = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _location;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _accepted;

    private ProviderCatalog(string location, IReadOnlyDictionary<string, IReadOnlyList<string>> accepted) => (_location, _accepted) = (location, accepted);

    public IEnumerable<string> Namespaces => _providers.Keys;

    /// <param name="location">The stamp's one location.</param>
    /// <param name="accepted">By provider namespace, api-versions that are taken though the stamp does not list them.</param>
    public static ProviderCatalog Load(string location, IReadOnlyDictionary<string, IReadOnlyList<string>>? accepted = null)
    {
        ProviderCatalog catalog = new(location, accepted ?? new Dictionary<string, IReadOnlyList<string>>());
        foreach (JsonNode? provider in ArmJson.ReadResource("providers.json").Array("providers")!)
        {
            string name = provider.Text("namespace")!;
            List<ResourceTypeEntry> entries = [];
            foreach (JsonNode? type in provider.Array("resourceTypes")!)
            {
                ResourceTypeEntry entry = new(
                    name,
                    type.Text("resourceType")!,
                    [.. type.Array("apiVersions")!.Select(version => version!.GetValue<string>())],
                    (JsonArray?)type.Array("apiProfiles")?.DeepClone() ?? [],
                    type.Text("capabilities"),
                    type.Flag("listed") ?? true);
                entries.Add(entry);
                catalog._types[entry.Type] = entry;
            }

            catalog._providers[name] = entries;
        }

        return catalog;
    }

    public ResourceTypeEntry? Find(string type) => _types.GetValueOrDefault(type);

    /// <summary>The type in its registered spelling, or as given if it is not registered.</summary>
    public string Spell(string type) => Find(type)?.Type ?? type;

    /// <summary>Refuses an api-version that the type does not offer, in ARM's words.</summary>
    /// <exception cref="ArmException">400 for a missing or unsupported version, 404 for an unknown namespace or type.</exception>
    public ResourceTypeEntry Require(string provider, string type, string apiVersion)
    {
        RequireVersion(apiVersion);
        if (!_providers.ContainsKey(provider))
            throw new ArmException(404, "InvalidResourceNamespace", $"The resource namespace '{provider}' is invalid.");
        ResourceTypeEntry entry = Find(provider + "/" + type) ?? throw new ArmException(404, "InvalidResourceType",
            $"The resource type '{type}' could not be found in the namespace '{provider}' for api version '{apiVersion}'. The supported api-versions are '{string.Join(',', VersionsOf(provider))}'.");
        if (!entry.ApiVersions.Contains(apiVersion, StringComparer.OrdinalIgnoreCase) && !_accepted.GetValueOrDefault(provider, []).Contains(apiVersion))
        {
            throw new ArmException(400, "NoRegisteredProviderFound",
                $"No registered resource provider found for location '{_location}' and API version '{apiVersion}' for type '{entry.Name}'. The supported api-versions are '{string.Join(", ", entry.ApiVersions.Order(StringComparer.Ordinal))}'. The supported locations are '{_location}'.");
        }

        return entry;
    }

    /// <summary>Refuses an api-version that ARM itself does not know, for subscriptions, groups, providers and the like.</summary>
    public void RequireCore(string type, string apiVersion)
    {
        RequireVersion(apiVersion);
        IReadOnlyList<string> versions = _types["Microsoft.Resources/" + type].ApiVersions;
        if (!versions.Contains(apiVersion, StringComparer.OrdinalIgnoreCase))
        {
            throw new ArmException(400, "InvalidApiVersionParameter",
                $"The api-version '{apiVersion}' is invalid. The supported versions are '{string.Join(',', versions)}'.");
        }
    }

    public JsonObject? ToJson(string provider, string subscriptionScope)
    {
        if (!_providers.TryGetValue(provider, out List<ResourceTypeEntry>? entries))
            return null;
        string name = entries[0].Provider;
        return new JsonObject
        {
            ["id"] = $"{subscriptionScope}/providers/{name}",
            ["namespace"] = name,
            ["resourceTypes"] = new JsonArray([.. entries.Where(entry => entry.IsListed).Select(entry => entry.ToJson(_location))]),
            ["registrationState"] = "Registered",
        };
    }

    private static void RequireVersion(string apiVersion)
    {
        if (apiVersion.Length == 0)
            throw new ArmException(400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.");
    }

    private IEnumerable<string> VersionsOf(string provider) =>
        _providers[provider].SelectMany(entry => entry.ApiVersions).Distinct().OrderDescending(StringComparer.Ordinal);
}
