using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm.Operations;
using AzsBackup.Emulator.Arm.Scopes;
using AzsBackup.Emulator.Authorization;
using AzsBackup.Emulator.Deployments;
using AzsBackup.Emulator.Deployments.Bicep;
using AzsBackup.Emulator.Deployments.Planning;

namespace AzsBackup.Emulator.Arm;

/// <summary>Decides what an ARM request means and has it done: ARM's own types, then the generic core with its rooms.</summary>
internal sealed class ArmEngine
{
    private readonly StackState _stack;
    private readonly RoomRegistry _rooms;
    private readonly SubscriptionScope _subscriptions;
    private readonly ResourceGroupScope _groups;
    private readonly LocationScope _locations;
    private readonly ResourceCore _core;
    private readonly AccessCheck _access;
    private readonly DeploymentScope _deployments;
    private readonly DeploymentEngine _deploying;

    public ArmEngine(StackState stack, RoomRegistry rooms, BicepCli bicep)
    {
        _stack = stack;
        _rooms = rooms;
        Locks = new ResourceLocks(stack.Resources);
        Views = new ResourceViews(rooms, stack.Catalog);
        _core = new ResourceCore(stack, rooms, Views, Locks);
        _groups = new ResourceGroupScope(stack, _core, Locks);
        _subscriptions = new SubscriptionScope(stack);
        _locations = new LocationScope(stack);
        _access = new AccessCheck(stack.Catalog);
        DeploymentFactory factory = new(stack, new DeploymentPlanner(bicep, stack.Catalog, stack.Ids, stack.Clock));
        _deployments = new DeploymentScope(stack, Locks, factory);
        _deploying = new DeploymentEngine(stack, new InnerRequests(Serve), factory);
    }

    public ResourceLocks Locks { get; }

    public ResourceViews Views { get; }

    /// <summary>Answers one request, after running deployments have taken the steps that are due. Refusals are answers too.</summary>
    public async Task<ArmResponse> HandleAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        await _deploying.AdvanceAsync(cancellationToken);
        ArmPath path = DeploymentScope.Modern(request.Path);
        if (!DeploymentScope.Takes(path))
            return Handle(request);
        try
        {
            request = request with { Path = path };
            using (_stack.Take(isRead: true))
                _access.Require(request);
            return Answer(request, await _deployments.HandleAsync(request, cancellationToken));
        }
        catch (ArmException refusal)
        {
            return Answer(request, ArmResponse.Error(refusal));
        }
    }

    /// <summary>Answers one request that is not for a deployment.</summary>
    public ArmResponse Handle(ArmRequest request)
    {
        using StackTurn turn = _stack.Take(request.IsRead);
        try
        {
            _stack.Operations.Settle();
            return Serve(request);
        }
        catch (ArmException refusal)
        {
            return ArmResponse.Error(refusal);
        }
        catch (Exception exception)
        {
            return ArmResponse.Error(_stack.Unexpected(exception));
        }
    }

    /// <summary>Puts back what was there before a restart, and goes on with the operations that were under way.</summary>
    /// <param name="rewrite">Applied to what was kept before it is read.</param>
    /// <exception cref="IOException">What was kept cannot be read.</exception>
    public void Restore(Func<string, string> rewrite)
    {
        using StackTurn turn = _stack.Take();
        _stack.Facts.Restore(rewrite);
        _stack.Deployments.Restore(_stack.Now, rewrite);
        _stack.Operations.Restore(Resume, rewrite);
        foreach (ArmResource resource in _stack.Resources.All)
            _rooms.For(resource.Id.Type).AfterRestart(resource);
        // Whoever made these did not say how to go on: as with a provider that has lost its way, they have failed.
        foreach (ArmResource resource in _stack.Resources.All)
            if (resource.ProvisioningState is not ("Succeeded" or "Failed" or "Canceled") && !_stack.Operations.IsRunningOn(resource.Id.Text))
                resource.ProvisioningState = "Failed";
    }

    /// <summary>Puts a resource of an estate, its group included, past locks and operations.</summary>
    /// <exception cref="ArmException">A room refuses it.</exception>
    public void Load(ArmId id, JsonObject body)
    {
        using StackTurn turn = _stack.Take();
        if (id.ResourceGroup is { } group)
            _groups.Ensure(group);
        _core.Load(id, body);
    }

    public void LoadGroup(string name, JsonObject? tags)
    {
        using StackTurn turn = _stack.Take();
        _groups.Ensure(name).Tags ??= tags;
    }

    private Func<JsonNode?> Resume(OperationIntent intent) =>
        intent.Kind == OperationKind.DeleteGroup ? _groups.Deletion(_groups.Require(intent.Target)) : _core.Resume(intent);

    private ArmResponse Serve(ArmRequest request)
    {
        _stack.Operations.Fault = request.Fault;
        try
        {
            return Answer(request, Dispatch(request));
        }
        catch (ArmException refusal)
        {
            return Answer(request, ArmResponse.Error(refusal));
        }
    }

    private static ArmResponse Answer(ArmRequest request, ArmResponse response)
    {
        ProviderHabits.Apply(request, response);
        return response;
    }

    private ArmResponse Dispatch(ArmRequest request)
    {
        ArmPath path = request.Path;
        if (path.Subscription is { } subscription && !ArmPath.Equal(subscription, _stack.SubscriptionId))
            throw new ArmException(404, "SubscriptionNotFound", $"The subscription '{subscription}' could not be found.");
        if (request.Method == "GET" && _stack.Operations.Poll(request) is { } poll)
            return poll;
        _access.Require(request);
        if (path.Provider is not null)
            return OfProvider(request);
        IReadOnlyList<string> segments = path.ScopeSegments;
        string first = segments.Count == 0 ? "" : segments[0].ToUpperInvariant();
        string third = segments.Count < 3 ? "" : segments[2].ToUpperInvariant();
        ArmResponse? response = (first, segments.Count, third) switch
        {
            ("TENANTS", 1, _) => _subscriptions.Tenants(request),
            ("SUBSCRIPTIONS", 1, _) => _subscriptions.List(request),
            ("SUBSCRIPTIONS", 2, _) => _subscriptions.Get(request),
            ("PROVIDERS", 1, _) => _subscriptions.Providers(request),
            ("SUBSCRIPTIONS", 3, "LOCATIONS") => _subscriptions.Locations(request),
            ("SUBSCRIPTIONS", 3, "PROVIDERS") => _subscriptions.Providers(request),
            ("SUBSCRIPTIONS", 3, "TAGNAMES") => _subscriptions.TagNames(request),
            ("SUBSCRIPTIONS", 3, "RESOURCES") => _core.ListAll(request, _stack.SubscriptionScope),
            ("SUBSCRIPTIONS", 3, "RESOURCEGROUPS") => _groups.List(request),
            ("SUBSCRIPTIONS", 4, "RESOURCEGROUPS") => _groups.Handle(request, segments[3]),
            ("SUBSCRIPTIONS", 5, "RESOURCEGROUPS") when ArmPath.Equal(segments[4], "resources") =>
                _core.ListAll(request, _groups.Require(segments[3]).Id),
            _ => null,
        };
        return response ?? throw new ArmException(404, "InvalidRequestUri", $"The request path '{path.Text}' is not valid.");
    }

    private ArmResponse OfProvider(ArmRequest request)
    {
        ArmPath path = request.Path;
        if (path.Types.Count == 0)
            return _subscriptions.Provider(request, path.Provider!);
        if (path.Types is ["register" or "unregister"] && request.Method == "POST")
            return _subscriptions.Provider(request, path.Provider!);
        _stack.Catalog.Require(path.Provider!, CatalogType(path), request.ApiVersion);
        if (path.ResourceGroup is { } group)
            _groups.Require(group);
        return _locations.Handle(request) ?? _core.Handle(request);
    }

    /// <summary>The type whose versions count: for an action or a view below a resource, the resource's own.</summary>
    private string CatalogType(ArmPath path)
    {
        string type = string.Join('/', path.Types);
        bool isKnown = _stack.Catalog.Find(path.Provider + "/" + type) is not null;
        return !isKnown && path.ToOwnerId() is { } owner && _stack.Catalog.Find(owner.Type) is not null ? string.Join('/', owner.Types) : type;
    }
}
