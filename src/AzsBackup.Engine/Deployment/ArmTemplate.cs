using System.Text.Json.Nodes;
using AzsBackup.Engine.Capture;

namespace AzsBackup.Engine.Deployment;

/// <summary>Writes a part as a template in JSON. The same part gives the same bytes.</summary>
public static class ArmTemplate
{
    private const string GroupSchema = "https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#";
    private const string SubscriptionSchema = "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#";

    /// <summary>The template as a file's content.</summary>
    public static byte[] Write(DeploymentPart part)
    {
        var expression = new ArmExpression(part.ResourceGroupName);
        var own = part.Resources.ToDictionary(resource => resource.Id);
        var template = new JsonObject
        {
            ["$schema"] = part.ResourceGroupName is null ? SubscriptionSchema : GroupSchema,
            ["contentVersion"] = "1.0.0.0",
            ["parameters"] = new JsonObject(part.Parameters.Select(parameter => KeyValuePair.Create<string, JsonNode?>(parameter.Name, WriteParameter(parameter, expression)))),
            ["resources"] = new JsonArray([.. part.Resources.Select(resource => WriteResource(resource, resource.DependsOn.Where(own.ContainsKey).Select(id => own[id])))]),
        };
        return CanonicalJson.Write(template);
    }

    internal static JsonObject WriteResource(DeploymentResource resource, IEnumerable<DeploymentResource> needs)
    {
        var expression = new ArmExpression(resource.Phase == DeploymentPhase.Foundation ? null : resource.Id.ResourceGroupName);
        var json = new JsonObject
        {
            ["type"] = TypeOf(resource),
            ["apiVersion"] = resource.ApiVersion,
            ["name"] = NameOf(resource, expression),
        };
        var dependsOn = new JsonArray([.. needs.Select(need => DependencyOn(need, expression))]);
        if (dependsOn.Count > 0) json["dependsOn"] = dependsOn;
        foreach (var (name, value) in resource.Body.Members) json[name] = expression.Write(value);
        return json;
    }

    // An extension of a resource is written as its child, the one form that every version of Resource Manager takes.
    private static string TypeOf(DeploymentResource resource) => resource.OwnerNames.Count > 0
        ? $"{resource.Id.Parent!.Type}/providers/{KnownResources.LastOf(resource.Id.Type)}"
        : resource.Id.Type;

    private static JsonNode NameOf(DeploymentResource resource, ArmExpression expression) => expression.Name(resource.OwnerNames.Count > 0
        ? [.. resource.OwnerNames, new DeploymentValue.Text(resource.Id.Provider), .. resource.Names]
        : resource.Names);

    private static JsonNode DependencyOn(DeploymentResource need, ArmExpression expression)
    {
        if (need.OwnerNames.Count > 0)
        {
            var names = need.OwnerNames.Append(new DeploymentValue.Text(need.Id.Provider)).Concat(need.Names).Select(expression.Inside);
            return $"[resourceId({ArmExpression.Quote(TypeOf(need))}, {string.Join(", ", names)})]";
        }

        return $"[resourceId({ArmExpression.Quote(need.Id.Type)}, {string.Join(", ", need.Names.Select(expression.Inside))})]";
    }

    private static JsonObject WriteParameter(DeploymentParameter parameter, ArmExpression expression)
    {
        var json = new JsonObject { ["type"] = parameter.Type };
        if (parameter.Default is { } value) json["defaultValue"] = expression.Write(value);
        json["metadata"] = new JsonObject { ["description"] = parameter.Description };
        return json;
    }
}
