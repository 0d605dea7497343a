using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Arm.Providers;

namespace AzsBackup.Emulator.Authorization;

/// <summary>Refuses requests that no role of the caller's allows, in ARM's words.</summary>
internal sealed class AccessCheck(ProviderCatalog catalog)
{
    /// <exception cref="ArmException">403 AuthorizationFailed.</exception>
    public static void Require(CallerAccess? access, string action, string scope)
    {
        if (access is not null && !access.Permits(action, scope))
            throw Failed(access, action, scope);
    }

    /// <exception cref="ArmException">403 AuthorizationFailed.</exception>
    public void Require(ArmRequest request)
    {
        // Tenants and the list of subscriptions are everybody's; the list shows what the caller may see.
        if (request.Access is not { } access || request.Path.Subscription is null)
            return;
        (string action, string scope, bool isList, bool isCommon) = Describe(request);
        if (access.Permits(action, scope) || (request.IsRead && ((isCommon && access.HasAny) || (isList && access.PermitsBelow(action, scope)))))
            return;
        throw Failed(access, action, scope);
    }

    private static ArmException Failed(CallerAccess access, string action, string scope) => new(403, "AuthorizationFailed",
        $"The client '{access.Caller.Name}' with object id '{access.Caller.ObjectId}' does not have authorization to perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.");

    private static string Verb(string method) => method switch
    {
        "GET" or "HEAD" => "read",
        "DELETE" => "delete",
        _ => "write",
    };

    /// <summary>What a request does and to what; whether it lists, and whether anybody with a role in the subscription may read it.</summary>
    private (string Action, string Scope, bool IsList, bool IsCommon) Describe(ArmRequest request)
    {
        ArmPath path = request.Path;
        string verb = Verb(request.Method);
        if (path.Provider is null)
            return OfArm(path, verb);
        if (path.Types.Count == 0)
            return ("Microsoft.Resources/subscriptions/providers/read", path.Scope, false, true);
        if (path.IsResource)
            return ($"{catalog.Spell(path.Type!)}/{verb}", path.ToId().Text, false, false);
        if (request.Method == "POST" && path.ToOwnerId() is { } owner)
            return ($"{catalog.Spell(owner.Type)}/{path.Types[^1]}/action", owner.Text, false, false);
        if (request.Method == "POST")
            return ($"{path.Type}/{(path.Types is ["register" or "unregister"] ? "action" : "read")}", path.Scope, false, false);
        bool isOwnRights = ArmPath.Equal(path.Type!, "Microsoft.Authorization/permissions");
        return ($"{catalog.Spell(path.Type!)}/{verb}", path.ToOwnerId()?.Text ?? path.Scope, true, isOwnRights || path.Types[0] is "locations" or "operations");
    }

    private static (string Action, string Scope, bool IsList, bool IsCommon) OfArm(ArmPath path, string verb)
    {
        IReadOnlyList<string> segments = path.ScopeSegments;
        if (segments.Count == 2)
            return ("Microsoft.Resources/subscriptions/" + verb, path.Scope, false, true);
        if (segments.Count == 4 && path.ResourceGroup is not null)
            return ($"Microsoft.Resources/subscriptions/resourceGroups/{verb}", path.Scope, false, false);
        bool isOfGroup = path.ResourceGroup is not null;
        string below = isOfGroup ? "resourceGroups/" + segments[^1] : segments[2];
        return ($"Microsoft.Resources/subscriptions/{below}/{verb}", isOfGroup ? path.Scope[..path.Scope.LastIndexOf('/')] : string.Concat("/subscriptions/", segments[1]), true, !isOfGroup);
    }
}
