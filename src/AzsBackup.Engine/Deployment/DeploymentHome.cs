using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Deployment;

/// <summary>The one place that most of a capture is from; what is elsewhere stays where it is.</summary>
/// <param name="subscriptionId">The subscription.</param>
/// <param name="location">The location.</param>
/// <param name="tenant">The directory.</param>
/// <param name="parameters">Makes parameters.</param>
/// <param name="map">What is called otherwise where it is deployed.</param>
internal sealed class DeploymentHome(string subscriptionId, string location, string tenant, ParameterNames parameters, StampMap map)
{
    /// <summary>Whether an id is of the subscription.</summary>
    public bool IsHere(ResourceId id) => id.SubscriptionId.Equals(subscriptionId, StringComparison.OrdinalIgnoreCase);

    /// <summary>A location as a template says it.</summary>
    public DeploymentValue Location(string text) => IsSame(text, location)
        ? parameters.For("", "location", DeploymentParameterKind.Location, "Where resources are made.", new DeploymentValue.ScopeLocation())
        : new DeploymentValue.Text(StampMap.Map(map.Locations, text));

    /// <summary>What is called otherwise where it is deployed.</summary>
    public StampMap Map => map;

    /// <summary>A directory as a template says it.</summary>
    public DeploymentValue Tenant(string text) => IsSame(text, tenant)
        ? parameters.For("", "tenantId", DeploymentParameterKind.Tenant, "The directory of vaults and their users.", new DeploymentValue.Directory())
        : OtherTenant(StampMap.Map(map.Tenants, text));

    private DeploymentValue.Parameter OtherTenant(string text) =>
        parameters.For(text, $"tenant_{text[..Math.Min(8, text.Length)]}", DeploymentParameterKind.Tenant, $"The directory '{text}'.", new DeploymentValue.Text(text));

    /// <summary>Finds the place.</summary>
    public static DeploymentHome Of(IReadOnlyList<CapturedBody> resources, ParameterNames parameters, StampMap map) => new(
        Most(resources.Select(resource => resource.Id.SubscriptionId)),
        Most(resources.Select(resource => CapturedBody.TextAt(resource.Json, "location")).Where(location => !"global".Equals(location, StringComparison.OrdinalIgnoreCase))),
        Most(resources.Where(resource => resource.Type.Tenants.Count > 0).Select(resource => CapturedBody.TextAt(resource.Properties, "tenantId"))),
        parameters,
        map);

    private static string Most(IEnumerable<string?> values) => values
        .Where(value => !string.IsNullOrEmpty(value))
        .GroupBy(value => Plain(value!), StringComparer.OrdinalIgnoreCase)
        .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.OrdinalIgnoreCase)
        .Select(group => group.Key)
        .FirstOrDefault("");

    private static bool IsSame(string one, string other) => Plain(one).Equals(Plain(other), StringComparison.OrdinalIgnoreCase);

    // "West Europe" and "westeurope" are the same place.
    private static string Plain(string text) => text.Replace(" ", "", StringComparison.Ordinal);
}
