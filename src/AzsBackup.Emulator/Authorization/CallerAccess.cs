using AzsBackup.Emulator.Identity;

namespace AzsBackup.Emulator.Authorization;

/// <summary>What the caller of one request may do.</summary>
internal sealed class CallerAccess(Caller caller, RoleGrants grants)
{
    public Caller Caller { get; } = caller;

    /// <summary>Whether the caller has any role anywhere in the subscription, and so sees that it is there.</summary>
    public bool HasAny => Grants.Count > 0;

    private IReadOnlyList<RoleGrant> Grants => grants.Of(Caller.ObjectId);

    /// <summary>Whether an action is allowed on a resource or scope: roles add up, and reach down from their scope.</summary>
    public bool Permits(string action, string id) => Grants.Any(grant => grant.Covers(id) && grant.Allows(action));

    /// <summary>Whether an action is allowed on something below a scope, so that a list there is answered with what the caller may see.</summary>
    public bool PermitsBelow(string action, string scope) => Grants.Any(grant => grant.IsWithin(scope) && grant.Allows(action));

    /// <summary>The permissions in force at a scope.</summary>
    public IEnumerable<RolePermission> At(string scope) => Grants.Where(grant => grant.Covers(scope)).SelectMany(grant => grant.Permissions);
}
