using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Arm.Providers;
using AzsBackup.Emulator.Deployments.Bicep;
using AzsBackup.Emulator.Deployments.Expressions;
using AzsBackup.Emulator.Hosting;

namespace AzsBackup.Emulator.Deployments.Planning;

/// <summary>Makes a plan of a template and its parameters.</summary>
internal sealed class DeploymentPlanner(BicepCli bicep, ProviderCatalog catalog, IdSource ids, TimeProvider clock)
{
    private static readonly string[] Head = ["id", "type", "name", "apiVersion", "condition", "scope", "resourceGroup", "subscriptionId"];

    /// <exception cref="ArmException">The template or a parameter is not valid, or there is no Bicep CLI.</exception>
    public async Task<DeploymentPlan> PlanAsync(JsonObject template, JsonObject given, DeploymentTarget target, CancellationToken cancellationToken)
    {
        JsonObject prepared = ArmJson.Copy(template);
        if (prepared["resources"] is not (JsonArray or JsonObject))
            throw ArmException.InvalidTemplate("Required property 'resources' not found in JSON. Path '', line 1, position 1.");
        prepared.Default("contentVersion", "1.0.0.0");
        prepared.Default("$schema", target.ResourceGroup is null
            ? "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#"
            : "https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#");
        TemplateParameters parameters = TemplateParameters.Apply(prepared, given, clock.GetUtcNow(), ids);
        TemplateRewriter rewriter = TemplateRewriter.Rewrite(prepared);
        BicepSnapshot snapshot = await bicep.EvaluateAsync(rewriter.Template, target, cancellationToken);
        JsonObject outputs = TemplateRewriter.Restore(snapshot.Outputs);
        parameters.AddDefaults(outputs.Object(TemplateParameters.DefaultsOutput));
        List<PlannedResource> resources = Resources(snapshot, rewriter, target, template.Text("apiProfile"));
        RequireOrder(resources);
        return new DeploymentPlan(resources, Outputs(prepared, outputs), parameters.Shown, parameters.Secrets, Hash(template));
    }

    /// <summary>Evaluates what is left around values that only the deployment could know.</summary>
    /// <param name="expressions">Without brackets.</param>
    /// <param name="target">Where.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The values by expression.</returns>
    public async Task<Dictionary<string, JsonNode?>> EvaluateAsync(IReadOnlyCollection<string> expressions, DeploymentTarget target, CancellationToken cancellationToken)
    {
        string[] list = [.. expressions];
        JsonObject outputs = [];
        for (int i = 0; i < list.Length; i++)
            outputs["o" + i.ToString(CultureInfo.InvariantCulture)] = new JsonObject { ["type"] = "object", ["value"] = $"[createObject('value', {list[i]})]" };
        JsonObject template = new()
        {
            ["$schema"] = target.ResourceGroup is null ? "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#" : "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            ["contentVersion"] = "1.0.0.0",
            ["resources"] = new JsonArray(),
            ["outputs"] = outputs,
        };
        BicepSnapshot snapshot = await bicep.EvaluateAsync(template, target, cancellationToken);
        Dictionary<string, JsonNode?> values = new(StringComparer.Ordinal);
        for (int i = 0; i < list.Length; i++)
        {
            JsonObject value = snapshot.Outputs.Object("o" + i.ToString(CultureInfo.InvariantCulture))
                ?? throw ArmException.InvalidTemplate($"The expression '{list[i]}' cannot be evaluated.");
            values[list[i]] = value["value"]?.DeepClone();
        }

        return values;
    }

    private static JsonObject Outputs(JsonObject template, JsonObject values)
    {
        JsonObject outputs = ArmJson.NewObject();
        foreach ((string name, JsonNode? definition) in template.Object("outputs") ?? [])
        {
            if (name == TemplateParameters.DefaultsOutput || !values.ContainsKey(name))
                continue;
            string type = definition.Text("type") ?? "object";
            outputs[name] = type.StartsWith("secure", StringComparison.OrdinalIgnoreCase)
                ? new JsonObject { ["type"] = type }
                : new JsonObject { ["type"] = char.ToUpperInvariant(type[0]) + type[1..], ["value"] = values[name]?.DeepClone() };
        }

        return outputs;
    }

    private static string Hash(JsonObject template)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(template.ToJsonString(ArmJson.WriteOptions)));
        return BinaryPrimitives.ReadUInt64BigEndian(hash).ToString(CultureInfo.InvariantCulture);
    }

    private static void RequireOrder(List<PlannedResource> resources)
    {
        HashSet<string> done = new(StringComparer.OrdinalIgnoreCase);
        List<PlannedResource> left = [.. resources];
        while (left.RemoveAll(resource => resource.DependsOn.All(done.Contains) && done.Add(resource.Id)) > 0)
        {
        }

        if (left.Count > 0)
            throw ArmException.InvalidTemplate($"Circular dependency detected on resource: '{left[0].Id}'. Please see https://aka.ms/arm-syntax-resources for usage details.");
    }

    private List<PlannedResource> Resources(BicepSnapshot snapshot, TemplateRewriter rewriter, DeploymentTarget target, string? profile)
    {
        List<(JsonObject Body, JsonObject Plan, string Id)> found = [];
        ResourceNames names = new();
        foreach (JsonObject predicted in snapshot.Resources)
        {
            JsonObject body = TemplateRewriter.Restore(predicted);
            JsonObject plan = (JsonObject)(body.Object("properties", TemplateRewriter.Plan) ?? []).DeepClone();
            string id = Id(body, plan, target);
            names.Add(id, body.Text("type")!, body.Text("name")!, plan);
            found.Add((body, plan, id));
        }

        bool isComplete = found.Select(item => item.Plan.Number("index")).Distinct().Count() == rewriter.InnerTemplates.Count;
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        List<PlannedResource> resources = [];
        foreach ((JsonObject body, JsonObject plan, string id) in found)
        {
            string type = body.Text("type")!;
            if (!seen.Add(id))
                throw ArmException.InvalidTemplate($"The resource '{id}' is defined multiple times in a template. Please see https://aka.ms/arm-syntax-resources for usage details.");
            string? condition = body.Text("condition");
            string version = Version(body.Text("apiVersion") ?? "", id, type, profile);
            JsonObject? inner = plan.Number("index") is { } index ? rewriter.InnerTemplates[(int)index] : null;
            Strip(body, plan);
            resources.Add(new PlannedResource
            {
                Id = id,
                Type = type,
                Name = body.Text("name") ?? id[(id.LastIndexOf('/') + 1)..],
                ApiVersion = version,
                Body = Bare(body),
                Condition = condition,
                DependsOn = [.. Dependencies(id, body, plan, names, isComplete)],
                InnerTemplate = (JsonObject?)inner?.DeepClone(),
                OperationId = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(target.Id + "|" + id)).AsSpan(0, 8)),
                TrackingId = ids.NewId(),
            });
        }

        return resources;
    }

    private static string Id(JsonObject body, JsonObject plan, DeploymentTarget target)
    {
        string id = body.Text("id")!;
        if (id.StartsWith('['))
            throw ArmException.InvalidTemplate($"The name of the resource '{body.Text("name")}' of type '{body.Text("type")}' depends on what is not known before the deployment. Please see https://aka.ms/arm-syntax-resources for usage details.");
        if (!ArmPath.Equal(body.Text("type")!, "Microsoft.Resources/deployments"))
            return id;
        DeploymentTarget nested = target with
        {
            Name = body.Text("name")!,
            SubscriptionId = plan.Text("subscriptionId") ?? target.SubscriptionId,
            ResourceGroup = plan.Text("resourceGroup") ?? (plan.Text("subscriptionId") is null ? target.ResourceGroup : null),
        };
        return nested.Id;
    }

    private static void Strip(JsonObject body, JsonObject plan)
    {
        if (body.Object("properties") is { } properties)
        {
            properties.Remove(TemplateRewriter.Plan);
            if (properties.Count == 0 && plan.Flag("isBare") == true)
                body.Remove("properties");
        }
    }

    private static JsonObject Bare(JsonObject body)
    {
        JsonObject bare = ArmJson.Copy(body);
        foreach (string name in Head)
            bare.Remove(name);
        return bare;
    }

    private static HashSet<string> Dependencies(string id, JsonObject body, JsonObject plan, ResourceNames names, bool isComplete)
    {
        HashSet<string> dependencies = new(StringComparer.OrdinalIgnoreCase);
        foreach (JsonNode? item in plan.Array("dependsOn") ?? [])
        {
            if (item?.GetValueKind() != JsonValueKind.String)
                continue;
            IReadOnlyList<string> meant = names.Find(item.GetValue<string>());
            // A resource whose condition is false is not in the snapshot; to depend on it is no fault.
            if (meant.Count == 0 && isComplete)
                throw ArmException.InvalidTemplate($"The resource '{item.GetValue<string>()}' is not defined in the template. Please see https://aka.ms/arm-syntax for usage details.");
            dependencies.UnionWith(meant);
        }

        foreach (string referred in Texts(body).SelectMany(Referred))
            dependencies.UnionWith(names.Find(referred));
        dependencies.Remove(id);
        return dependencies;
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(pair => Texts(pair.Value)),
        JsonArray list => list.SelectMany(Texts),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value.GetValue<string>()],
        _ => [],
    };

    private static IEnumerable<string> Referred(string text) =>
        ExpressionParser.TryParse(text)?.All().OfType<TemplateExpression.Call>()
            .Where(call => call.Name.StartsWith("list", StringComparison.OrdinalIgnoreCase) && call.Arguments.Count > 0)
            .Select(call => call.Arguments[0]).OfType<TemplateExpression.Literal>()
            .Select(literal => literal.Text).OfType<string>() ?? [];

    /// <summary>A template with a profile names no versions: each type takes the one its profile pins.</summary>
    private string Version(string version, string id, string type, string? profile)
    {
        if (!version.StartsWith('['))
            return version;
        string registered = ArmId.TryParse(id, out ArmId? parsed) ? parsed.Type : type;
        ResourceTypeEntry? entry = catalog.Find(registered);
        return entry?.ApiProfiles.FirstOrDefault(pin => pin.Text("profileVersion") == profile).Text("apiVersion")
            ?? entry?.ApiProfiles.LastOrDefault().Text("apiVersion")
            ?? entry?.ApiVersions[0]
            ?? throw ArmException.InvalidTemplate($"The resource type '{registered}' is not in the API profile '{profile}'.");
    }
}
