using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Deployments.Expressions;
using AzsBackup.Emulator.Deployments.Planning;

namespace AzsBackup.Emulator.Deployments;

/// <summary>Makes a deployment of the body of a PUT, or of a deployment in a template.</summary>
internal sealed class DeploymentFactory(StackState stack, DeploymentPlanner planner)
{
    public DeploymentPlanner Planner { get; } = planner;

    /// <summary>Refuses to overwrite a deployment that is still going on.</summary>
    public void RequireReplaceable(ArmId id)
    {
        if (stack.Deployments.Find(id.Text) is { IsActive: true } active)
        {
            throw new ArmException(409, "DeploymentActive",
                $"Unable to edit or replace deployment '{id.Name}': previous deployment from '{active.StartedAt.UtcDateTime.ToString("G", CultureInfo.InvariantCulture)}' is still active (expiration time is '{active.StartedAt.AddDays(7).UtcDateTime.ToString("G", CultureInfo.InvariantCulture)}'). Please see https://aka.ms/arm-deploy for usage details.");
        }
    }

    /// <param name="id">Of the deployment.</param>
    /// <param name="request">The body: <c>properties</c> with template, parameters and mode, <c>location</c> at subscription scope, <c>tags</c>.</param>
    /// <param name="outerLocation">For a deployment in a deployment: the outer one's location.</param>
    /// <param name="correlationId">Shared by all that one request leads to.</param>
    /// <param name="cancellationToken">Ends the evaluation.</param>
    /// <exception cref="ArmException">The request, the template or a parameter is not valid.</exception>
    public async Task<DeploymentRecord> MakeAsync(ArmId id, JsonObject request, string? outerLocation, string correlationId, CancellationToken cancellationToken)
    {
        JsonObject properties = request.Object("properties")
            ?? throw new ArmException(400, "InvalidRequestContent", "The request content was invalid and could not be deserialized: 'Required property 'properties' not found in JSON.'.");
        string mode = properties.Text("mode") ?? throw new ArmException(400, "InvalidDeployment", "The deployment mode is not specified. Supported modes are 'Incremental' and 'Complete'.");
        if (!ArmPath.Equal(mode, "Incremental"))
            throw new ArmException(400, "DeploymentModeNotSupported", $"The emulated stack deploys in mode 'Incremental' only, not '{mode}'.");
        if (properties["templateLink"] is not null)
            throw new ArmException(400, "InvalidContentLink", $"Unable to download deployment content from '{properties.Text("templateLink", "uri")}'. The emulated stack takes templates in the request only.");
        JsonObject template = properties.Object("template")
            ?? throw new ArmException(400, "InvalidRequestContent", "The request content was invalid and could not be deserialized: 'The template is missing.'.");
        DeploymentTarget target = Target(id, request, outerLocation);
        DeploymentPlan plan = await Planner.PlanAsync(template, properties.Object("parameters") ?? ArmJson.NewObject(), target, cancellationToken);
        lock (stack.Gate)
        {
            DateTimeOffset now = stack.Now;
            return new DeploymentRecord
            {
                Target = target,
                Plan = plan,
                Template = (JsonObject)template.DeepClone(),
                Mode = "Incremental",
                Tags = (JsonObject?)request.Object("tags")?.DeepClone(),
                CorrelationId = correlationId,
                // ARM counts down from the end of time, so that the newest comes first.
                StatusId = (long.MaxValue - now.UtcTicks).ToString("D20", CultureInfo.InvariantCulture),
                TrackingId = stack.Ids.NewId(),
                StartedAt = now,
            };
        }
    }

    /// <summary>A template whose expressions are evaluated already: what looks like one and is not open is text.</summary>
    public static JsonObject Literal(JsonObject template, IRuntimeFunctions functions) => (JsonObject)Escape(template, functions)!;

    private static JsonNode? Escape(JsonNode? node, IRuntimeFunctions functions) => node switch
    {
        JsonObject map => Escape(map, functions),
        JsonArray list => new JsonArray([.. list.Select(item => Escape(item, functions))]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is ['[', .., ']'] text && !RuntimeResolver.IsOpen(text, functions) => "[" + text,
        _ => node?.DeepClone(),
    };

    private static JsonObject Escape(JsonObject map, IRuntimeFunctions functions)
    {
        JsonObject copy = ArmJson.NewObject();
        foreach ((string name, JsonNode? value) in map)
            copy[name] = Escape(value, functions);
        return copy;
    }

    private DeploymentTarget Target(ArmId id, JsonObject request, string? outerLocation)
    {
        if (id.Subscription is null || !ArmPath.Equal(id.Subscription, stack.SubscriptionId))
            throw new ArmException(404, "SubscriptionNotFound", $"The subscription '{id.Subscription}' could not be found.");
        if (id.ResourceGroup is { } name)
        {
            lock (stack.Gate)
            {
                ResourceGroup group = stack.Resources.FindGroup(name) ?? throw ArmException.GroupNotFound(name);
                return new DeploymentTarget(stack.TenantId, stack.SubscriptionId, group.Name, group.Location, id.Name);
            }
        }

        string location = request.Text("location") ?? outerLocation
            ?? throw new ArmException(400, "LocationRequired", "The location property is required for this definition.");
        return ArmPath.Equal(location, stack.Location)
            ? new DeploymentTarget(stack.TenantId, stack.SubscriptionId, null, stack.Location, id.Name)
            : throw new ArmException(400, "LocationNotAvailableForDeployment", $"The provided location '{location}' is not available for deployment. List of available regions is '{stack.Location}'.");
    }
}
