using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm.Operations;

namespace AzsBackup.Emulator.Arm;

/// <summary>PUT and PATCH of stored resources.</summary>
internal sealed class ResourceWriter(StackState stack, RoomRegistry rooms, ResourceViews views)
{
    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase)
    {
        "location", "tags", "sku", "kind", "plan", "identity", "zones", "properties", "managedBy",
    };

    public ArmResponse Put(ArmRequest request, ArmId id)
    {
        JsonObject asked = request.RequireBody();
        id = Spell(id);
        RequireFullIds(id, asked);
        if (id.Parent is { } parent && !stack.Resources.TryGet(parent, out _))
            throw new ArmException(404, "ParentResourceNotFound", $"Can not perform requested operation on nested resource. Parent resource '{parent.Name}' not found.");
        stack.Resources.TryGet(id, out ArmResource? existing);
        if (existing is { IsDeleting: true })
            throw new ArmException(409, "Conflict", $"The resource '{id}' is being deleted.");
        return Write(request, existing ?? new ArmResource(id, ArmJson.NewObject(), stack.Now), Select(asked, existing), existing is null);
    }

    public ArmResponse Patch(ArmRequest request, ArmResource existing)
    {
        JsonObject merged = ArmJson.Copy(existing.Body);
        foreach ((string name, JsonNode? value) in request.RequireBody())
        {
            if (!Kept.Contains(name) || name.Equals("location", StringComparison.OrdinalIgnoreCase))
                continue;
            if (name.Equals("properties", StringComparison.OrdinalIgnoreCase) && value is JsonObject properties)
                Merge(merged.Ensure("properties"), properties);
            else
                merged[name] = value?.DeepClone();
        }

        return Write(request, existing, merged, isNew: false);
    }

    /// <summary>Runs a write through its room and stores it, then answers in the room's style.</summary>
    public ArmResponse Write(ArmRequest request, ArmResource resource, JsonObject body, bool isNew, AsyncStyle? style = null)
    {
        ResourceRoom room = rooms.For(resource.Id.Type);
        Store(resource, body, isNew, request.ApiVersion, isLoading: false);
        bool goesOn = room.WriteStyle != AsyncStyle.None && (isNew || room.AnswersBody);
        resource.ProvisioningState = !goesOn ? "Succeeded" : isNew ? room.CreatingState : room.UpdatingState;
        ArmResponse response = new(isNew ? room.CreatedStatus : room.UpdatedStatus, room.AnswersBody || !goesOn ? views.Full(resource, null, request.ApiVersion) : null);
        if (goesOn)
        {
            AsyncOperation operation = stack.Operations.Start(OperationsPlace(resource), Completion(resource, request.ApiVersion),
                new OperationIntent(OperationKind.Write, resource.Id.Text) { ApiVersion = request.ApiVersion }, () => resource.ProvisioningState = "Failed");
            stack.Operations.AddHeaders(response, request, operation, style ?? room.WriteStyle);
        }
        else
            room.AfterWrite(resource);

        return response;
    }

    /// <summary>What a write does when its operation is due.</summary>
    /// <param name="resource">What is written.</param>
    /// <param name="apiVersion">In which version its result is shown.</param>
    public Func<JsonNode?> Completion(ArmResource resource, string? apiVersion) => () =>
    {
        rooms.For(resource.Id.Type).AfterWrite(resource);
        if (!resource.IsDeleting)
            resource.ProvisioningState = "Succeeded";
        stack.Resources.Touch();
        return views.Full(resource, null, apiVersion);
    };

    public void Load(ArmId id, JsonObject body)
    {
        id = Spell(id);
        ArmResource resource = new(id, ArmJson.NewObject(), stack.Now);
        JsonObject kept = Select(body, null);
        if (kept["location"] is not null || rooms.For(id.Type).NeedsLocation && id.Types.Count == 1)
            kept["location"] = stack.Location;
        Store(resource, kept, isNew: true, "", isLoading: true);
        rooms.For(id.Type).AfterWrite(resource);
    }

    /// <summary>Where a resource's operations are shown.</summary>
    public OperationPlace OperationsPlace(ArmResource resource)
    {
        ResourceRoom room = rooms.For(resource.Id.Type);
        string location = $"{stack.SubscriptionScope}/providers/{resource.Id.Provider}/locations/{stack.Location}/";
        return new OperationPlace(location + room.OperationsSegment, location + room.ResultsSegment, room.OperationDetail, room.AnnouncesNotification);
    }

    private static JsonObject Select(JsonObject asked, ArmResource? existing)
    {
        if (asked["properties"] is not (null or JsonObject))
            throw new ArmException(400, "InvalidRequestContent", "The request content was invalid and could not be deserialized: 'properties' is not an object.");
        JsonObject body = ArmJson.NewObject();
        foreach ((string name, JsonNode? value) in asked)
            if (Kept.Contains(name) && value is not null)
                body[name] = value.DeepClone();
        if (existing?.Body["location"] is { } location)
            body.Default("location", location.DeepClone());
        body = ArmJson.Copy(body);
        body.Ensure("properties");
        return body;
    }

    /// <summary>ARM looks at the ids of other resources in a body before the provider does.</summary>
    private static void RequireFullIds(ArmId id, JsonObject asked)
    {
        if (!ArmPath.Equal(id.Provider, "Microsoft.Network") && !ArmPath.Equal(id.Provider, "Microsoft.Compute"))
            return;
        foreach ((_, string name, string value) in ArmJson.Texts(asked["properties"]))
        {
            if (ArmPath.Equal(name, "id") && !value.StartsWith('/'))
                throw ArmException.InvalidLink(value);
        }
    }

    private static void Merge(JsonObject target, JsonObject changes)
    {
        foreach ((string name, JsonNode? value) in changes)
        {
            if (value is JsonObject inner && target[name] is JsonObject into)
                Merge(into, inner);
            else
                target[name] = value?.DeepClone();
        }
    }

    private void Store(ArmResource resource, JsonObject body, bool isNew, string apiVersion, bool isLoading)
    {
        ResourceRoom room = rooms.For(resource.Id.Type);
        if (room.NeedsLocation && resource.Id.Types.Count == 1)
            RequireLocation(resource, body, isNew);
        JsonObject? previous = isNew ? null : resource.Body;
        body.Ensure("properties").Remove("provisioningState");
        resource.Body = body;
        try
        {
            room.Write(new ResourceWrite(resource, previous, apiVersion, isLoading));
        }
        catch (ArmException)
        {
            if (previous is not null)
                resource.Body = previous;
            throw;
        }

        if (!isLoading)
            TouchReferred(resource, previous);
        stack.Resources.Put(resource);
    }

    /// <summary>A resource shows who refers to it, so a reference that comes or goes gives it a new etag.</summary>
    private void TouchReferred(ArmResource resource, JsonObject? previous)
    {
        HashSet<string> before = previous is null ? [] : [.. ArmReference.In(resource, previous).Select(reference => reference.To.ToUpperInvariant())];
        HashSet<string> now = [.. ArmReference.In(resource).Select(reference => reference.To.ToUpperInvariant())];
        before.SymmetricExceptWith(now);
        stack.TouchEtags(before, resource);
    }

    private void RequireLocation(ArmResource resource, JsonObject body, bool isNew)
    {
        string location = body.Text("location")
            ?? throw new ArmException(400, "LocationRequired", "The location property is required for this definition.");
        // Names of DNS are the same everywhere.
        if (ArmPath.Equal(resource.Id.Type, "Microsoft.Network/dnsZones") && ArmPath.Equal(location, "global"))
            return;
        if (Normal(location) == Normal(stack.Location))
        {
            body["location"] = stack.Location;
            return;
        }

        if (!isNew)
            throw new ArmException(409, "InvalidResourceLocation", $"The resource '{resource.Id.Name}' already exists in location '{stack.Location}' in resource group '{resource.Id.ResourceGroup}'. A resource with the same name cannot be created in location '{location}'. Please select a new resource name.");
        throw new ArmException(400, "LocationNotAvailableForResourceType", $"The provided location '{location}' is not available for resource type '{resource.Id.Type}'. List of available regions for the resource type is '{stack.Location}'.");
    }

    private static string Normal(string location) => location.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>Names stay as written; the type, the group and the scope's keywords take their registered spelling.</summary>
    private ArmId Spell(ArmId id)
    {
        if (id.ResourceGroup is { } name && stack.Resources.FindGroup(name) is { } group && id.Scope.Split('/').Length == 5)
            id = id.WithScope(group.Id);
        return id.WithType(stack.Catalog.Spell(id.Type));
    }
}
