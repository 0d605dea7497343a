using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm.Operations;

namespace AzsBackup.Emulator.Arm.Scopes;

/// <summary>Resource groups.</summary>
internal sealed class ResourceGroupScope(StackState stack, ResourceCore core, ResourceLocks locks)
{
    public ResourceGroup Require(string name) => stack.Resources.FindGroup(name) ?? throw ArmException.GroupNotFound(name);

    /// <summary>The group, made if it is missing.</summary>
    public ResourceGroup Ensure(string name) => stack.Resources.FindGroup(name) ?? Add(name);

    public ArmResponse List(ArmRequest request)
    {
        stack.Catalog.RequireCore("resourceGroups", request.ApiVersion);
        ResourceFilter filter = ResourceFilter.Parse(request.Query["$filter"].ToString());
        return ListPage.Of(request, stack.Options.PageSize, stack.Resources.Groups.Where(group => IsVisible(request, group) && filter.Matches(AsResource(group))), group => group.ToJson(request.ApiVersion));
    }

    public ArmResponse Handle(ArmRequest request, string name)
    {
        stack.Catalog.RequireCore("resourceGroups", request.ApiVersion);
        string id = $"{stack.SubscriptionScope}/resourceGroups/{name}";
        switch (request.Method)
        {
            case "GET":
                return ArmResponse.Ok(Require(name).ToJson(request.ApiVersion));
            case "HEAD":
                Require(name);
                return new ArmResponse(204);
            case "PUT":
                locks.RequireWritable(id);
                return Put(request, name);
            case "PATCH":
                locks.RequireWritable(id);
                ResourceGroup patched = Require(name);
                if (request.RequireBody().Object("tags") is { } tags)
                    patched.Tags = (JsonObject)tags.DeepClone();
                stack.Resources.Touch();
                return ArmResponse.Ok(patched.ToJson(request.ApiVersion));
            case "DELETE":
                return Delete(request, Require(name));
            default:
                throw new ArmException(405, "HttpMethodNotAllowed", $"The http method '{request.Method}' is not supported for resource groups.");
        }
    }

    private static bool IsVisible(ArmRequest request, ResourceGroup group) =>
        request.Access is not { } access || access.Permits("Microsoft.Resources/subscriptions/resourceGroups/read", group.Id)
        || access.PermitsBelow("Microsoft.Resources/subscriptions/resourceGroups/read", group.Id);

    /// <summary>A group as its filter sees it: a name, a location and tags.</summary>
    private ArmResource AsResource(ResourceGroup group) =>
        new(ArmId.Create(stack.SubscriptionScope, "Microsoft.Resources", ["resourceGroups"], [group.Name]), group.ToJson(), stack.Now);

    /// <summary>What the deletion of a group does when its operation is due.</summary>
    public Func<JsonNode?> Deletion(ResourceGroup group) => () =>
    {
        foreach (ArmResource resource in stack.Resources.Below(group.Id).ToList())
            core.Remove(resource);
        stack.Deployments.RemoveAt(group.Id);
        stack.Resources.Remove(group);
        return null;
    };

    private ResourceGroup Add(string name)
    {
        ResourceGroup group = new($"{stack.SubscriptionScope}/resourceGroups/{name}", name, stack.Location);
        stack.Resources.Put(group);
        return group;
    }

    private ArmResponse Put(ArmRequest request, string name)
    {
        JsonObject body = request.RequireBody();
        if (name.Length > 90 || name.EndsWith('.') || name.Any(c => !char.IsLetterOrDigit(c) && c is not ('-' or '_' or '.' or '(' or ')')))
            throw new ArmException(400, "InvalidResourceGroup", $"The provided resource group name '{name}' has these invalid characters or is too long. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.");
        string location = body.Text("location")
            ?? throw new ArmException(400, "LocationRequired", "The location property is required for this definition.");
        if (!location.Equals(stack.Location, StringComparison.OrdinalIgnoreCase))
            throw new ArmException(400, "LocationNotAvailableForResourceGroup", $"The provided location '{location}' is not available for resource group. List of available regions is '{stack.Location}'.");
        ResourceGroup? existing = stack.Resources.FindGroup(name);
        if (existing is { ProvisioningState: "Deleting" })
            throw new ArmException(409, "ResourceGroupBeingDeleted", $"The resource group '{name}' is in deprovisioning state and cannot perform this operation.");
        ResourceGroup group = existing ?? Add(name);
        group.Tags = (JsonObject?)body.Object("tags")?.DeepClone();
        stack.Resources.Touch();
        return new ArmResponse(existing is null ? 201 : 200, group.ToJson(request.ApiVersion));
    }

    /// <summary>Everything in it goes with it: what refers to a resource of the group from outside is looked at by nobody, as in Azure the order within is ARM's to find.</summary>
    private ArmResponse Delete(ArmRequest request, ResourceGroup group)
    {
        locks.RequireDeletable(group.Id);
        group.ProvisioningState = "Deleting";
        AsyncOperation operation = stack.Operations.Start(
            OperationPlace.Results($"{stack.SubscriptionScope}/operationresults"), Deletion(group), new OperationIntent(OperationKind.DeleteGroup, group.Name));
        ArmResponse response = new(202);
        stack.Operations.AddHeaders(response, request, operation, AsyncStyle.ResultLocation);
        return response;
    }
}
