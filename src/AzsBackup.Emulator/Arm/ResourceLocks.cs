namespace AzsBackup.Emulator.Arm;

/// <summary>Whether a management lock forbids an operation: CanNotDelete forbids deleting, ReadOnly every change and every action.</summary>
internal sealed class ResourceLocks(ResourceStore resources)
{
    private const string LockType = "Microsoft.Authorization/locks";

    /// <summary>Refuses a deletion of <paramref name="id"/> if it, a scope above it or anything below it is locked.</summary>
    public void RequireDeletable(string id)
    {
        List<string> scopes = [.. resources.OfType(LockType)
            .Select(found => found.Id.Scope)
            .Where(scope => IsAtOrBelow(id, scope) || IsAtOrBelow(scope, id))
            .Distinct(StringComparer.OrdinalIgnoreCase)];
        Refuse(id, "delete", scopes);
    }

    /// <summary>Refuses a write or an action on <paramref name="id"/> if it or a scope above it is read-only.</summary>
    public void RequireWritable(string id)
    {
        List<string> scopes = [.. resources.OfType(LockType)
            .Where(found => string.Equals(found.Properties.Text("level"), "ReadOnly", StringComparison.OrdinalIgnoreCase))
            .Select(found => found.Id.Scope)
            .Where(scope => IsAtOrBelow(id, scope))
            .Distinct(StringComparer.OrdinalIgnoreCase)];
        Refuse(id, "write", scopes);
    }

    /// <summary>What a locked scope is refused with; <paramref name="operation"/> is <c>write</c> or <c>delete</c>.</summary>
    public static ArmException Refusal(string id, string operation, IEnumerable<string> scopes) => new(409, "ScopeLocked",
        $"The scope '{id}' cannot perform {operation} operation because following scope(s) are locked: '{string.Join(',', scopes)}'. Please remove the lock and try again.");

    private static bool IsAtOrBelow(string id, string scope) =>
        id.StartsWith(scope, StringComparison.OrdinalIgnoreCase) && (id.Length == scope.Length || id[scope.Length] == '/');

    private static void Refuse(string id, string operation, List<string> scopes)
    {
        if (scopes.Count > 0)
            throw Refusal(id, operation, scopes);
    }
}
