using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm.Operations;

namespace AzsBackup.Emulator.Arm;

/// <summary>What all resource types have in common: read, list, write, patch, delete, act, with operations and locks.</summary>
internal sealed class ResourceCore
{
    private const string Unlocked = "Microsoft.Authorization/locks";
    private readonly StackState _stack;
    private readonly RoomRegistry _rooms;
    private readonly ResourceViews _views;
    private readonly ResourceLocks _locks;
    private readonly ResourceWriter _writer;
    private readonly ResourceLists _lists;
    private readonly EmbeddedCore _embedded;

    public ResourceCore(StackState stack, RoomRegistry rooms, ResourceViews views, ResourceLocks locks)
    {
        _stack = stack;
        _rooms = rooms;
        _views = views;
        _locks = locks;
        _writer = new ResourceWriter(stack, rooms, views);
        _lists = new ResourceLists(stack, views);
        _embedded = new EmbeddedCore(stack, views, _writer);
    }

    public ArmResponse ListAll(ArmRequest request, string scope)
    {
        _stack.Catalog.RequireCore("resources", request.ApiVersion);
        return _lists.All(request, scope);
    }

    public void Load(ArmId id, JsonObject body)
    {
        if (_rooms.Embedded.ArrayOf(id.Type) is { } array)
            _embedded.Load(id, array, body);
        else
            _writer.Load(id, body);
    }

    public ArmResponse Handle(ArmRequest request)
    {
        if (!request.Path.IsResource)
            return OfCollection(request);
        ArmId id = request.Path.ToId();
        if (!request.IsRead && !id.Is(Unlocked))
        {
            if (request.Method == "DELETE")
                _locks.RequireDeletable(id.Text);
            _locks.RequireWritable(id.Text);
        }

        if (_rooms.Embedded.ArrayOf(id.Type) is { } array)
            return _embedded.Handle(request, id, array);
        return request.Method switch
        {
            "GET" => Get(request, id),
            "HEAD" => _stack.Resources.TryGet(id, out _) ? new ArmResponse(204) : new ArmResponse(404),
            "PUT" => _writer.Put(request, id),
            "PATCH" => _writer.Patch(request, Require(id)),
            "DELETE" => Delete(request, id),
            _ => throw NotAllowed(request),
        };
    }

    /// <summary>Deletes at once, children and extension resources included; the caller has looked at locks and references.</summary>
    public void Remove(ArmResource resource)
    {
        foreach (ArmResource below in _stack.Resources.Below(resource.Id.Text).ToList())
            RemoveOne(below);
        RemoveOne(resource);
    }

    /// <summary>What an operation that was under way before a restart does when it is due.</summary>
    /// <exception cref="ArmException">Its resource is gone, or its room refuses it now: that is its result.</exception>
    public Func<JsonNode?> Resume(OperationIntent intent)
    {
        ArmResource resource = Require(ArmId.Parse(intent.Target));
        if (intent.Kind == OperationKind.Delete)
            return Deletion(resource);
        if (intent.Request is not { } kept)
            return _writer.Completion(resource, intent.ApiVersion);
        ArmRequest request = kept.ToRequest();
        return Outcome(resource, request).Complete;
    }

    private Func<JsonNode?> Deletion(ArmResource resource) => () =>
    {
        Remove(resource);
        return null;
    };

    private static ArmException NotAllowed(ArmRequest request) =>
        new(405, "HttpMethodNotAllowed", $"The http method '{request.Method}' is not supported for '{request.Path.Text}'.");

    private void RemoveOne(ArmResource resource)
    {
        _stack.TouchEtags(ArmReference.In(resource).Select(reference => reference.To), resource);
        _stack.Resources.Remove(resource);
        _rooms.For(resource.Id.Type).AfterDelete(resource);
    }

    private ArmResource Require(ArmId id)
    {
        if (_stack.Resources.TryGet(id, out ArmResource? resource))
            return resource;
        for (ArmId? parent = id.Parent; parent is not null; parent = parent.Parent)
            if (!_stack.Resources.TryGet(parent, out _))
                throw ArmException.NotFound(parent);
        throw ArmException.NotFound(id);
    }

    private ArmResponse Get(ArmRequest request, ArmId id)
    {
        bool isStored = _stack.Resources.TryGet(id, out _);
        if (!isStored && _rooms.For(id.Type).Read(new ArmResource(id, ArmJson.NewObject(), _stack.Now), "", request) is { } builtIn)
            return ArmResponse.Ok(builtIn);
        JsonObject body = _views.Full(Require(id), request.Query["$expand"].ToString(), request.ApiVersion);
        return _rooms.For(id.Type).SendsEtag ? ArmResponse.WithEtag(body) : ArmResponse.Ok(body);
    }

    private ArmResponse OfCollection(ArmRequest request)
    {
        ArmPath path = request.Path;
        ArmId? owner = path.ToOwnerId();
        if (request.Method == "POST" && owner is not null)
            return Act(request, Require(owner));
        if (request.Method != "GET")
            throw NotAllowed(request);
        if (owner is not null)
        {
            ArmResource parent = Require(owner);
            if (_rooms.Embedded.ArrayOf(path.Type!) is { } array)
                return _embedded.List(request, parent, array);
            if (_rooms.For(owner.Type).Read(parent, path.Types[^1], request) is { } view)
                return ArmResponse.Ok(view);
        }

        if (_stack.Catalog.Find(path.Type!) is null)
            throw new ArmException(404, "InvalidResourceType", $"The resource type '{string.Join('/', path.Types)}' could not be found in the namespace '{path.Provider}' for api version '{request.ApiVersion}'.");
        RequireScope(path);
        return _rooms.For(path.Type!).Read(new ArmResource(ArmId.Create(path.Scope, path.Provider!, path.Types, [.. path.Types]), ArmJson.NewObject(), _stack.Now), "*", request) is { } list
            ? ArmResponse.Ok(list)
            : _lists.OfType(request);
    }

    private void RequireScope(ArmPath path)
    {
        if (ArmId.TryParse(path.Scope, out ArmId? scope))
            Require(scope);
    }

    private ArmResponse Act(ArmRequest request, ArmResource resource)
    {
        _locks.RequireWritable(resource.Id.Text);
        ActionOutcome outcome = Outcome(resource, request);
        if (outcome.Style == AsyncStyle.None)
        {
            JsonNode? result = outcome.Complete();
            _stack.Resources.Touch();
            return result is null ? new ArmResponse(200) : ArmResponse.Ok(result);
        }

        ArmResponse response = new(202);
        AsyncOperation operation = _stack.Operations.Start(_writer.OperationsPlace(resource), outcome.Complete,
            new OperationIntent(OperationKind.Act, resource.Id.Text) { Request = ActionRequest.Of(request) });
        _stack.Operations.AddHeaders(response, request, operation, outcome.Style);
        return response;
    }

    private ActionOutcome Outcome(ArmResource resource, ArmRequest request)
    {
        string action = request.Path.Types[^1];
        return _rooms.For(resource.Id.Type).Act(resource, action, request)
            ?? throw new ArmException(404, "InvalidResourceAction", $"The action '{action}' is not known for the resource type '{resource.Id.Type}'.");
    }

    private ArmResponse Delete(ArmRequest request, ArmId id)
    {
        if (!_stack.Resources.TryGet(id, out ArmResource? resource))
            return new ArmResponse(204);
        ResourceRoom room = _rooms.For(id.Type);
        if (!resource.IsDeleting)
            room.BeforeDelete(resource);
        if (room.DeleteStyle == AsyncStyle.None)
        {
            JsonObject? body = id.Provider.Equals("Microsoft.Authorization", StringComparison.OrdinalIgnoreCase) && !id.Is(Unlocked) ? _views.Full(resource) : null;
            Remove(resource);
            return new ArmResponse(200, body);
        }

        resource.ProvisioningState = "Deleting";
        _stack.Resources.Touch();
        AsyncOperation operation = _stack.Operations.Start(_writer.OperationsPlace(resource), Deletion(resource),
            new OperationIntent(OperationKind.Delete, resource.Id.Text), () => resource.ProvisioningState = "Failed");
        ArmResponse response = new(202);
        _stack.Operations.AddHeaders(response, request, operation, room.DeleteStyle);
        return response;
    }
}
