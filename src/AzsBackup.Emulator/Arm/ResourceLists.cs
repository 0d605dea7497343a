using AzsBackup.Emulator.Insights;

namespace AzsBackup.Emulator.Arm;

/// <summary>Lists, in pages with a <c>nextLink</c>.</summary>
internal sealed class ResourceLists(StackState stack, ResourceViews views)
{
    /// <summary><c>/resources</c> of a scope: tracked resources, in short form.</summary>
    public ArmResponse All(ArmRequest request, string scope)
    {
        ResourceFilter filter = ResourceFilter.Parse(request.Query["$filter"].ToString());
        IEnumerable<ArmResource> found = stack.Resources.Below(scope)
            .Where(resource => resource.Id.Types.Count == 1 && resource.Body["location"] is not null && filter.Matches(resource) && IsVisible(request, resource));
        // A list filtered by resource group ends with an empty page (recorded: az network lb create, az network nic).
        bool endsEmpty = filter.Names("resourceGroup");
        return ListPage.Of(request, stack.Options.PageSize, found, views.Short, endsEmpty);
    }

    /// <summary>The resources of one type, below the path's scope or, for extension resources, at it.</summary>
    public ArmResponse OfType(ArmRequest request)
    {
        ArmPath path = request.Path;
        bool atScopeOnly = request.Query["$filter"].ToString().Contains("atScope()", StringComparison.OrdinalIgnoreCase);
        string below = path.ToOwnerId()?.Text ?? path.Scope;
        bool isOnOwner = ArmPath.Equal(path.Type!, DiagnosticSettingRoom.Type);
        if (isOnOwner)
            DiagnosticSettingRoom.RequireSupported(path.Scope);
        bool isExtension = ArmPath.Equal(path.Provider!, "Microsoft.Authorization");
        IEnumerable<ArmResource> found = stack.Resources.OfType(path.Type!).Where(resource =>
            isOnOwner ? ArmPath.Equal(resource.Id.Scope, path.Scope)
                : isExtension ? Applies(resource.Id.Scope, path.Scope, atScopeOnly)
                : resource.Id.Text.StartsWith(below + "/", StringComparison.OrdinalIgnoreCase))
            .Where(resource => IsVisible(request, resource));
        return ListPage.Of(request, stack.Options.PageSize, found, resource => views.Full(resource, null, request.ApiVersion));
    }

    /// <summary>A list shows a caller what the caller may read, and does not say what it leaves out.</summary>
    private static bool IsVisible(ArmRequest request, ArmResource resource) =>
        request.Access is not { } access || access.Permits(resource.Id.Type + "/read", resource.Id.Text);

    /// <summary>Extension resources apply at their scope and below; a list shows those above, at and, unless told not to, below.</summary>
    private static bool Applies(string scope, string asked, bool atScopeOnly) =>
        IsAtOrBelow(asked, scope) || (!atScopeOnly && IsAtOrBelow(scope, asked));

    private static bool IsAtOrBelow(string id, string scope) => (id + "/").StartsWith(scope + "/", StringComparison.OrdinalIgnoreCase);
}
