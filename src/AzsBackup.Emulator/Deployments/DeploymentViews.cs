using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Xml;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Deployments.Planning;

namespace AzsBackup.Emulator.Deployments;

/// <summary>Deployments and their operations as ARM answers them.</summary>
internal static class DeploymentViews
{
    /// <summary>The whole body.</summary>
    /// <param name="record">Of this.</param>
    /// <param name="apiVersion">Older versions leave out <c>type</c>.</param>
    /// <param name="now">For how long it has been going on.</param>
    public static JsonObject Full(DeploymentRecord record, string apiVersion, DateTimeOffset now)
    {
        JsonObject body = new() { ["id"] = record.Id, ["name"] = record.Target.Name };
        if (string.CompareOrdinal(apiVersion, "2019-05-01") >= 0)
            body["type"] = "Microsoft.Resources/deployments";
        if (record.Target.ResourceGroup is null)
            body["location"] = record.Target.Location;
        if (record.Tags is not null)
            body["tags"] = record.Tags.DeepClone();
        body["properties"] = Properties(record, now);
        return body;
    }

    public static JsonObject Properties(DeploymentRecord record, DateTimeOffset now)
    {
        DateTimeOffset end = record.IsActive ? now : record.EndedAt;
        JsonObject properties = new()
        {
            ["templateHash"] = record.Plan.TemplateHash,
            ["parameters"] = record.Plan.Parameters.DeepClone(),
            ["mode"] = record.Mode,
            ["provisioningState"] = record.State.ToString(),
            ["timestamp"] = Timestamp(end),
            ["duration"] = XmlConvert.ToString(end - record.StartedAt),
            ["correlationId"] = record.CorrelationId,
            ["providers"] = Providers(record),
            ["dependencies"] = Dependencies(record),
        };
        // A template that declares outputs shows them, even if it has none (recorded: az vm create).
        if (record.Outputs is { } outputs && (outputs.Count > 0 || record.Template["outputs"] is not null))
            properties["outputs"] = record.Outputs.DeepClone();
        if (record.State == DeploymentState.Succeeded)
            properties["outputResources"] = Ids(record.Plan.Resources.Where(resource => resource is { State: PlannedState.Succeeded, IsDeployment: false }));
        if (record.Error is not null)
            properties["error"] = record.Error.DeepClone();
        return properties;
    }

    public static JsonArray Ids(IEnumerable<PlannedResource> resources) =>
        new([.. resources.Select(resource => new JsonObject { ["id"] = resource.Id })]);

    /// <summary>The status document that a client polls.</summary>
    public static JsonObject Status(DeploymentRecord record)
    {
        JsonObject body = new() { ["status"] = record.State.ToString() };
        if (record.Error is not null)
            body["error"] = record.Error.DeepClone();
        return body;
    }

    /// <summary>Its operations, the last first: one for each resource whose turn has come, and one for the outputs.</summary>
    public static IReadOnlyList<JsonObject> Operations(DeploymentRecord record, DateTimeOffset now)
    {
        List<JsonObject> operations = [.. record.Plan.Resources
            .Where(resource => resource.State is PlannedState.Running or PlannedState.Succeeded or PlannedState.Failed)
            .OrderByDescending(resource => resource.StartedAt)
            .Select(resource => Operation(record, resource, now))];
        if (record.State == DeploymentState.Succeeded)
        {
            operations.Add(Operation(record, record.StatusId, new JsonObject
            {
                ["provisioningOperation"] = "EvaluateDeploymentOutput",
                ["provisioningState"] = "Succeeded",
                ["timestamp"] = Timestamp(record.EndedAt),
                ["duration"] = XmlConvert.ToString(record.EndedAt - record.StartedAt),
                ["trackingId"] = record.TrackingId,
                ["statusCode"] = "OK",
            }));
        }

        return operations;
    }

    /// <summary>A status as .NET and ARM spell it, for instance <c>Created</c>.</summary>
    public static string Word(int status) => ((HttpStatusCode)status).ToString();

    private static JsonObject Operation(DeploymentRecord record, PlannedResource resource, DateTimeOffset now)
    {
        DateTimeOffset end = resource.IsDone ? resource.EndedAt : now;
        JsonObject properties = new()
        {
            ["provisioningOperation"] = "Create",
            ["provisioningState"] = resource.State.ToString(),
            ["timestamp"] = Timestamp(end),
            ["duration"] = XmlConvert.ToString(end - resource.StartedAt),
            ["trackingId"] = resource.TrackingId,
            ["statusCode"] = Word(resource.StatusCode == 0 ? 202 : resource.StatusCode),
        };
        if (resource.Error is not null)
            properties["statusMessage"] = resource.Error.DeepClone();
        properties["targetResource"] = Target(resource);
        return Operation(record, resource.OperationId, properties);
    }

    private static JsonObject Operation(DeploymentRecord record, string id, JsonObject properties) => new()
    {
        ["id"] = $"{record.Id}/operations/{id}",
        ["operationId"] = id,
        ["properties"] = properties,
    };

    private static JsonObject Target(PlannedResource resource) =>
        new() { ["id"] = resource.Id, ["resourceType"] = resource.Type, ["resourceName"] = resource.Name };

    private static JsonArray Providers(DeploymentRecord record) => new([.. record.Plan.Resources
        .GroupBy(resource => resource.Type.Split('/')[0], StringComparer.OrdinalIgnoreCase)
        .Select(provider => new JsonObject
        {
            ["namespace"] = provider.Key,
            ["resourceTypes"] = new JsonArray([.. provider
                .GroupBy(resource => resource.Type[(provider.Key.Length + 1)..], StringComparer.OrdinalIgnoreCase)
                .Select(type => new JsonObject { ["resourceType"] = type.Key, ["locations"] = new JsonArray([.. Locations(type)]) })]),
        })]);

    private static IEnumerable<JsonNode?> Locations(IEnumerable<PlannedResource> resources) =>
        resources.Select(resource => resource.Body.Text("location")).Distinct(StringComparer.OrdinalIgnoreCase).Select(location => (JsonNode?)location);

    private static JsonArray Dependencies(DeploymentRecord record) => new([.. record.Plan.Resources
        .Where(resource => resource.DependsOn.Count > 0)
        .Select(resource =>
        {
            JsonObject dependency = new()
            {
                ["dependsOn"] = new JsonArray([.. record.Plan.Resources.Where(first => resource.DependsOn.Contains(first.Id, StringComparer.OrdinalIgnoreCase)).Select(Target)]),
            };
            foreach ((string name, JsonNode? value) in Target(resource))
                dependency[name] = value?.DeepClone();
            return dependency;
        })]);

    private static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
