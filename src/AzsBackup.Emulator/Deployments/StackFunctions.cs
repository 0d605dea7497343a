using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Deployments.Expressions;

namespace AzsBackup.Emulator.Deployments;

/// <summary>What the functions of a template find on the stack.</summary>
/// <param name="stack">The stack.</param>
/// <param name="arm">Asks it.</param>
/// <param name="scope">The id of the group or subscription that the template is for.</param>
internal abstract class StackFunctions(StackState stack, InnerRequests arm, string scope) : IRuntimeFunctions
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "reference", "providers", "resourceGroup", "subscription", "tenant", "deployment", "environment", "parameters", "defaultApiVersion",
    };

    public bool Has(string name) => Names.Contains(name) || (name.Length > 4 && name.StartsWith("list", StringComparison.OrdinalIgnoreCase));

    public JsonNode? Call(string name, IReadOnlyList<JsonNode?> arguments)
    {
        string? first = arguments.Count > 0 ? Text(arguments[0]) : null;
        return name.ToUpperInvariant() switch
        {
            "REFERENCE" or "LISTREFERENCE" => Reference(first ?? "", arguments),
            "PROVIDERS" => Providers(first ?? "", arguments),
            "RESOURCEGROUP" => arm.Get(scope, "2019-10-01"),
            "SUBSCRIPTION" => arm.Get(stack.SubscriptionScope, "2019-10-01"),
            "TENANT" => new JsonObject { ["tenantId"] = stack.TenantId },
            "DEPLOYMENT" => Deployment(),
            "ENVIRONMENT" => Environment(),
            "PARAMETERS" => Parameter(first ?? ""),
            // It stands for the version of what is referred to, which is what no version means as well.
            "DEFAULTAPIVERSION" => JsonValue.Create(""),
            _ => arm.Act(Id(first ?? ""), name, Version(first ?? "", arguments), arguments.Count > 2 ? arguments[2] as JsonObject : null),
        };
    }

    private static string? Text(JsonNode? node) => new JsonObject { ["value"] = node?.DeepClone() }.Text("value");

    protected abstract JsonNode? Parameter(string name);

    protected abstract JsonNode? Deployment();

    /// <summary>The resource of the template that goes by a name, and the version the template names for it.</summary>
    protected abstract (string Id, string ApiVersion)? Planned(string named);

    private JsonNode? Reference(string named, IReadOnlyList<JsonNode?> arguments)
    {
        string id = Id(named);
        bool isFull = arguments.Count > 2 && ArmPath.Equal(Text(arguments[2]) ?? "", "Full");
        if (stack.Deployments.Find(id) is { } deployment)
            return isFull ? DeploymentViews.Full(deployment, "2019-10-01", stack.Now) : DeploymentViews.Properties(deployment, stack.Now);
        string version = Version(named, arguments);
        JsonObject body = arm.Get(id, version);
        return isFull ? Full(body, id, version) : body["properties"] ?? ArmJson.NewObject();
    }

    // What 'Full' has beside the resource: template functions for resources, "Return value" of reference.
    private static JsonObject Full(JsonObject body, string id, string version)
    {
        var full = (JsonObject)body.DeepClone();
        int provider = id.LastIndexOf("/providers/", StringComparison.OrdinalIgnoreCase);
        if (ArmId.TryParse(id, out ArmId? parsed))
        {
            full["subscriptionId"] = parsed.Subscription;
            if (parsed.ResourceGroup is { } group)
                full["resourceGroupName"] = group;
        }

        if (provider >= 0)
            full["resourceId"] = id[(provider + "/providers/".Length)..];
        full["apiVersion"] = version;
        full["referenceApiVersion"] = version;
        return full;
    }

    /// <summary>A resource may be called by its id, by its type and name, or by the name it has in the template.</summary>
    private string Id(string named)
    {
        if (named.StartsWith('/'))
            return named;
        if (Planned(named) is { } planned)
            return planned.Id;
        return named.Contains('/', StringComparison.Ordinal)
            ? $"{scope}/providers/{named}"
            : throw ArmException.InvalidTemplate($"The template reference '{named}' is not valid: could not find template resource or resource copy with this name. Please see https://aka.ms/arm-function-reference for usage details.");
    }

    private string Version(string named, IReadOnlyList<JsonNode?> arguments)
    {
        if (arguments.Count > 1 && Text(arguments[1]) is { Length: > 0 } given)
            return given;
        string id = Id(named);
        return Planned(named)?.ApiVersion ?? (ArmId.TryParse(id, out ArmId? parsed) && stack.Catalog.Find(parsed.Type) is { } entry ? entry.ApiVersions[0] : "2019-10-01");
    }

    private JsonNode? Providers(string name, IReadOnlyList<JsonNode?> arguments)
    {
        JsonObject provider = stack.Catalog.ToJson(name, stack.SubscriptionScope)
            ?? throw new ArmException(404, "InvalidResourceNamespace", $"The resource namespace '{name}' is invalid.");
        if (arguments.Count < 2)
            return provider;
        string type = Text(arguments[1]) ?? "";
        return provider.Array("resourceTypes")!.FirstOrDefault(entry => ArmPath.Equal(entry.Text("resourceType")!, type))
            ?? throw new ArmException(404, "InvalidResourceType", $"The resource type '{type}' could not be found in the namespace '{name}'.");
    }

    private JsonObject Environment()
    {
        string domain = $"{stack.Location}.{stack.Options.Domain}";
        return new JsonObject
        {
            ["name"] = "AzureStack",
            ["portal"] = $"https://portal.{domain}/",
            ["resourceManager"] = $"https://management.{domain}/",
            ["graph"] = $"https://graph.{domain}/",
            ["suffixes"] = new JsonObject { ["storage"] = domain, ["keyvaultDns"] = $".vault.{domain}" },
        };
    }
}
