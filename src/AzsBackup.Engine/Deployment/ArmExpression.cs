using System.Text.Json.Nodes;

namespace AzsBackup.Engine.Deployment;

/// <summary>Writes values as JSON of a template, with its expressions.</summary>
/// <param name="group">The group that the template is deployed to; null for the subscription.</param>
internal sealed class ArmExpression(string? group)
{
    /// <summary>A value as it stands in a template.</summary>
    public JsonNode? Write(DeploymentValue value) => value switch
    {
        // A text that begins with a bracket would be taken for an expression.
        DeploymentValue.Text text => text.Value.StartsWith('[') ? "[" + text.Value : text.Value,
        DeploymentValue.Scalar scalar => JsonValue.Create(scalar.Value),
        DeploymentValue.Map map => new JsonObject(map.Members.Select(member => KeyValuePair.Create(member.Key, Write(member.Value)))),
        DeploymentValue.List list => new JsonArray([.. list.Items.Select(Write)]),
        _ => $"[{Inside(value)}]",
    };

    /// <summary>Names joined by slashes, as the name of a resource.</summary>
    public JsonNode Name(IReadOnlyList<DeploymentValue> names)
    {
        if (names.All(name => name is DeploymentValue.Text)) return string.Join('/', names.Select(name => ((DeploymentValue.Text)name).Value));
        return names.Count == 1 ? Write(names[0])! : $"[concat({string.Join(", '/', ", names.Select(Inside))})]";
    }

    /// <summary>A value as it stands in an expression.</summary>
    public string Inside(DeploymentValue value) => value switch
    {
        DeploymentValue.Text text => Quote(text.Value),
        DeploymentValue.Parameter parameter => $"parameters('{parameter.Definition.Name}')",
        DeploymentValue.Resource resource => ResourceId(resource),
        DeploymentValue.InSubscription { Tail: "" } => "subscription().id",
        DeploymentValue.InSubscription inside => $"concat(subscription().id, {Quote(inside.Tail)})",
        DeploymentValue.BlobAddress { Path: "" } address => Blob(address),
        DeploymentValue.BlobAddress address => $"concat({Blob(address)}, {Quote(address.Path)})",
        DeploymentValue.ScopeLocation => group is not null ? "resourceGroup().location" : "deployment().location",
        DeploymentValue.Directory => "subscription().tenantId",
        _ => throw new InvalidOperationException($"{value.GetType().Name} does not stand in expressions."),
    };

    /// <summary>A text in an expression.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private string Blob(DeploymentValue.BlobAddress address) => $"reference({ResourceId(address.Account)}, '{address.ApiVersion}').primaryEndpoints.blob";

    private string ResourceId(DeploymentValue.Resource resource) =>
        $"resourceId({GroupOf(resource)}{Quote(resource.Id.Type)}, {string.Join(", ", resource.Names.Select(Inside))})";

    // Without a group, the template can be deployed to a group of another name.
    private string GroupOf(DeploymentValue.Resource resource) =>
        group is null ? $"subscription().subscriptionId, {Quote(resource.Id.ResourceGroupName!)}, "
        : resource.Id.ResourceGroupName!.Equals(group, StringComparison.OrdinalIgnoreCase) ? "" : $"{Quote(resource.Id.ResourceGroupName)}, ";
}
