using System.Globalization;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Deployments;

/// <summary>Requests for <c>Microsoft.Resources/deployments</c>.</summary>
internal sealed class DeploymentScope(StackState stack, ResourceLocks locks, DeploymentFactory factory)
{
    /// <summary>Whether a request is for a deployment or their list.</summary>
    public static bool Takes(ArmPath path) =>
        path.Provider is { } provider && ArmPath.Equal(provider, "Microsoft.Resources") && path.Types is [{ } type, ..] && ArmPath.Equal(type, "deployments");

    /// <summary>Clients of ARM's first years leave the provider out: <c>…/deployments/{name}/operations</c>.</summary>
    public static ArmPath Modern(ArmPath path)
    {
        IReadOnlyList<string> segments = path.ScopeSegments;
        if (path.Provider is not null || path.Subscription is null)
            return path;
        int at = path.ResourceGroup is null ? 2 : 4;
        return segments.Count > at && ArmPath.Equal(segments[at], "deployments")
            ? ArmPath.Parse($"/{string.Join('/', segments.Take(at))}/providers/Microsoft.Resources/{string.Join('/', segments.Skip(at))}")
            : path;
    }

    /// <exception cref="ArmException">The request is refused.</exception>
    public async Task<ArmResponse> HandleAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        ArmPath path = request.Path;
        lock (stack.Gate)
        {
            if (path.Subscription is null || !ArmPath.Equal(path.Subscription, stack.SubscriptionId))
                throw new ArmException(404, "SubscriptionNotFound", $"The subscription '{path.Subscription}' could not be found.");
            stack.Catalog.RequireCore("deployments", request.ApiVersion);
            if (path.ResourceGroup is { } group && stack.Resources.FindGroup(group) is null)
                throw ArmException.GroupNotFound(group);
        }

        return (request.Method, path.Types.Count, path.Names.Count) switch
        {
            ("PUT", 1, 1) => await PutAsync(request, cancellationToken),
            ("POST", 2, 1) when ArmPath.Equal(path.Types[1], "validate") => await ValidateAsync(request, cancellationToken),
            _ => Locked(() => HandleStored(request), request.IsRead),
        };
    }

    private static ArmId IdOf(ArmPath path) => ArmId.Create(path.Scope, "Microsoft.Resources", ["deployments"], [path.Names[0]]);

    private ArmResponse HandleStored(ArmRequest request)
    {
        ArmPath path = request.Path;
        if (path.Names.Count == 0)
            return request.Method == "GET" ? List(request) : throw NotAllowed(request);
        DeploymentRecord? found = stack.Deployments.Find(IdOf(path).Text);
        if (path.Types.Count == 1 && found is null && request.Method is "HEAD" or "DELETE")
            return new ArmResponse(request.Method == "HEAD" ? 404 : 204);
        DeploymentRecord record = found ?? throw new ArmException(404, "DeploymentNotFound", $"Deployment '{path.Names[0]}' could not be found.");
        string below = path.Types.Count == 1 ? "" : path.Types[1].ToUpperInvariant();
        return (request.Method, below, path.Names.Count) switch
        {
            ("GET", "", 1) => ArmResponse.Ok(DeploymentViews.Full(record, request.ApiVersion, stack.Now)),
            ("HEAD", "", 1) => new ArmResponse(204),
            ("DELETE", "", 1) => Delete(record),
            ("POST", "CANCEL", 1) => Cancel(record),
            ("POST", "EXPORTTEMPLATE", 1) => ArmResponse.Ok(new JsonObject { ["template"] = record.Template.DeepClone() }),
            ("GET", "OPERATIONS", 1) => ListPage.Of(request, stack.Options.PageSize, DeploymentViews.Operations(record, stack.Now), operation => operation),
            ("GET", "OPERATIONS", 2) => Operation(record, path.Names[1]),
            ("GET", "OPERATIONSTATUSES", 2) => Status(record, path.Names[1]),
            _ => throw NotAllowed(request),
        };
    }

    private async Task<ArmResponse> PutAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        ArmId id = IdOf(request.Path);
        RequireName(id.Name);
        lock (stack.Gate)
        {
            locks.RequireWritable(id.Text);
            factory.RequireReplaceable(id);
        }

        DeploymentRecord record = await factory.MakeAsync(id, request.RequireBody(), null, stack.Ids.NewId(), cancellationToken);
        record.Caller = request.Access?.Caller;
        return Locked(() =>
        {
            factory.RequireReplaceable(id);
            bool isNew = stack.Deployments.Find(id.Text) is null;
            stack.Deployments.Put(record);
            ArmResponse response = new(isNew ? 201 : 200, DeploymentViews.Full(record, request.ApiVersion, stack.Now));
            response.Headers["Azure-AsyncOperation"] = $"{request.BaseUri.GetLeftPart(UriPartial.Authority)}{record.Id}/operationStatuses/{record.StatusId}?api-version={Uri.EscapeDataString(request.ApiVersion)}";
            AddRetryAfter(response);
            return response;
        });
    }

    private async Task<ArmResponse> ValidateAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        ArmId id = IdOf(request.Path);
        RequireName(id.Name);
        DeploymentRecord record = await factory.MakeAsync(id, request.RequireBody(), null, stack.Ids.NewId(), cancellationToken);
        return Locked(() =>
        {
            record.End(DeploymentState.Succeeded, record.StartedAt);
            JsonObject body = DeploymentViews.Full(record, request.ApiVersion, record.StartedAt);
            body.Remove("type");
            JsonObject properties = body.Object("properties")!;
            properties.Remove("outputResources");
            properties["validatedResources"] = DeploymentViews.Ids(record.Plan.Resources);
            return ArmResponse.Ok(body);
        }, isRead: true);
    }

    /// <summary>ARM's rule: up to 64 letters, digits, and <c>-_.()</c>.</summary>
    private static void RequireName(string name)
    {
        if (name.Length > 64 || name.Any(c => !char.IsLetterOrDigit(c) && c is not ('-' or '_' or '.' or '(' or ')')))
            throw new ArmException(400, "InvalidDeploymentName", $"The deployment name '{name}' is not valid. It has up to 64 letters, digits, '-', '_', '.', '(' or ')'.");
    }

    private ArmResponse List(ArmRequest request)
    {
        string filter = request.Query["$filter"].ToString();
        string? state = filter.Split('\'') is [_, var value, ..] && filter.Contains("provisioningState", StringComparison.OrdinalIgnoreCase) ? value : null;
        return ListPage.Of(request, stack.Options.PageSize,
            stack.Deployments.At(request.Path.Scope).Where(record => state is null || ArmPath.Equal(record.State.ToString(), state)),
            record => DeploymentViews.Full(record, request.ApiVersion, stack.Now));
    }

    /// <summary>What it deployed stays.</summary>
    private ArmResponse Delete(DeploymentRecord record)
    {
        locks.RequireDeletable(record.Id);
        if (record.IsActive)
            throw new ArmException(409, "DeploymentBeingDeleted", $"The deployment '{record.Target.Name}' is still running. Cancel it, or wait until it has ended.");
        stack.Deployments.Remove(record);
        return new ArmResponse(204);
    }

    private ArmResponse Cancel(DeploymentRecord record)
    {
        if (!record.IsActive)
            throw new ArmException(409, "DeploymentCannotBeCancelled", $"The deployment '{record.Target.Name}' cannot be cancelled because the provisioning state is '{record.State}'.");
        foreach (DeploymentRecord nested in record.Plan.Resources.Where(resource => resource.IsDeployment).Select(resource => stack.Deployments.Find(resource.Id)).OfType<DeploymentRecord>().Where(nested => nested.IsActive).ToList())
            Cancel(nested);
        record.Error = new ArmException(409, "DeploymentCanceled", "The deployment was canceled.").ToError();
        record.End(DeploymentState.Canceled, stack.Now);
        return new ArmResponse(204);
    }

    private ArmResponse Operation(DeploymentRecord record, string id) =>
        ArmResponse.Ok(DeploymentViews.Operations(record, stack.Now).FirstOrDefault(operation => ArmPath.Equal(operation.Text("operationId")!, id))
            ?? throw new ArmException(404, "DeploymentOperationNotFound", $"Deployment operation '{id}' of deployment '{record.Target.Name}' could not be found."));

    private ArmResponse Status(DeploymentRecord record, string id)
    {
        if (record.StatusId != id)
            throw new ArmException(404, "DeploymentOperationNotFound", $"The status '{id}' of deployment '{record.Target.Name}' could not be found.");
        ArmResponse response = ArmResponse.Ok(DeploymentViews.Status(record));
        if (record.IsActive)
            AddRetryAfter(response);
        return response;
    }

    private void AddRetryAfter(ArmResponse response)
    {
        if (stack.Options.RetryAfterSeconds is { } seconds)
            response.Headers["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture);
    }

    private static ArmException NotAllowed(ArmRequest request) =>
        new(405, "HttpMethodNotAllowed", $"The http method '{request.Method}' is not supported for '{request.Path.Text}'.");

    private ArmResponse Locked(Func<ArmResponse> answer, bool isRead = false)
    {
        using (stack.Take(isRead))
            return answer();
    }
}
