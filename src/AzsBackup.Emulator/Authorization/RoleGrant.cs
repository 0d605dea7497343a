namespace AzsBackup.Emulator.Authorization;

/// <summary>Permissions at a scope, and so at everything below it.</summary>
internal sealed record RoleGrant(string Scope, IReadOnlyList<RolePermission> Permissions)
{
    public bool Allows(string action) => Permissions.Any(permission => permission.Allows(action));

    /// <summary>Whether it reaches a resource or a scope.</summary>
    public bool Covers(string id) => IsAtOrBelow(id, Scope);

    /// <summary>Whether it is at or below a scope, so that something there is within its reach.</summary>
    public bool IsWithin(string scope) => IsAtOrBelow(Scope, scope);

    private static bool IsAtOrBelow(string id, string scope) =>
        id.StartsWith(scope, StringComparison.OrdinalIgnoreCase) && (id.Length == scope.Length || id[scope.Length] == '/');
}
