using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Arm.Scopes;

/// <summary>The tenant, its one subscription, the stamp's location and its providers.</summary>
internal sealed class SubscriptionScope(StackState stack)
{
    public ArmResponse Tenants(ArmRequest request)
    {
        stack.Catalog.RequireCore("tenants", request.ApiVersion);
        return List(new JsonObject { ["id"] = "/tenants/" + stack.TenantId, ["tenantId"] = stack.TenantId });
    }

    public ArmResponse List(ArmRequest request)
    {
        stack.Catalog.RequireCore("subscriptions", request.ApiVersion);
        return request.Access is { HasAny: false } ? List() : List(Subscription());
    }

    public ArmResponse Get(ArmRequest request)
    {
        stack.Catalog.RequireCore("subscriptions", request.ApiVersion);
        return ArmResponse.Ok(Subscription());
    }

    public ArmResponse Locations(ArmRequest request)
    {
        stack.Catalog.RequireCore("subscriptions/locations", request.ApiVersion);
        return List(new JsonObject
        {
            ["id"] = $"{stack.SubscriptionScope}/locations/{stack.Location}",
            ["name"] = stack.Location,
            ["displayName"] = stack.Location,
            ["longitude"] = "47.643651",
            ["latitude"] = "-122.130603",
        });
    }

    public ArmResponse Providers(ArmRequest request)
    {
        stack.Catalog.RequireCore("providers", request.ApiVersion);
        string scope = request.Path.Subscription is null ? "" : stack.SubscriptionScope;
        return List([.. stack.Catalog.Namespaces.Select(name => stack.Catalog.ToJson(name, scope)!)]);
    }

    public ArmResponse Provider(ArmRequest request, string name)
    {
        stack.Catalog.RequireCore("providers", request.ApiVersion);
        string scope = request.Path.Subscription is null ? "" : stack.SubscriptionScope;
        return ArmResponse.Ok(stack.Catalog.ToJson(name, scope)
            ?? throw new ArmException(404, "InvalidResourceNamespace", $"The resource namespace '{name}' is invalid."));
    }

    /// <summary>The tags in use, with their values and counts.</summary>
    public ArmResponse TagNames(ArmRequest request)
    {
        stack.Catalog.RequireCore("subscriptions/tagNames", request.ApiVersion);
        IEnumerable<JsonObject> tagged = stack.Resources.All.Select(resource => resource.Body.Object("tags"))
            .Concat(stack.Resources.Groups.Select(group => group.Tags)).OfType<JsonObject>();
        return List([.. tagged.SelectMany(tags => tags)
            .GroupBy(tag => tag.Key, StringComparer.OrdinalIgnoreCase)
            .OrderBy(tag => tag.Key, StringComparer.Ordinal)
            .Select(tag => new JsonObject
            {
                ["id"] = $"{stack.SubscriptionScope}/tagNames/{tag.Key}",
                ["tagName"] = tag.Key,
                ["count"] = Count(tag.Count()),
                ["values"] = new JsonArray([.. tag.GroupBy(pair => pair.Value?.ToString() ?? "").Select(value => new JsonObject
                {
                    ["id"] = $"{stack.SubscriptionScope}/tagNames/{tag.Key}/tagValues/{value.Key}",
                    ["tagValue"] = value.Key,
                    ["count"] = Count(value.Count()),
                })]),
            })]);
    }

    private static JsonObject Count(int value) => new() { ["type"] = "Total", ["value"] = value };

    private static ArmResponse List(params JsonNode[] items) => ArmResponse.Ok(new JsonObject { ["value"] = new JsonArray(items) });

    private JsonObject Subscription() => new()
    {
        ["id"] = stack.SubscriptionScope,
        ["subscriptionId"] = stack.SubscriptionId,
        ["tenantId"] = stack.TenantId,
        ["displayName"] = "Emulated tenant subscription",
        ["state"] = "Enabled",
        ["subscriptionPolicies"] = new JsonObject { ["locationPlacementId"] = "Public_2014-09-01", ["quotaId"] = "AzureStack_2014-09-01", ["spendingLimit"] = "Off" },
        ["authorizationSource"] = "RoleBased",
    };
}
