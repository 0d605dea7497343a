using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Rebuild;

/// <summary>What the sign-in may do on the target, and what locks forbid everybody.</summary>
internal sealed class AccessChecks(TargetInventory target, PlanNotes notes)
{
    /// <summary>Checks that the sign-in holds the actions at a resource group, or at the subscription if the group is not there yet.</summary>
    public async Task CheckActionsAsync(ResourceId group, IEnumerable<string> actions, CancellationToken cancellationToken)
    {
        var exists = await target.FindAsync(group, cancellationToken).ConfigureAwait(false) is not null;
        var scope = exists ? group.ToString() : target.Subscription;
        var held = await target.ListAsync($"{scope}/providers/{ResourceTypes.Permission}", ResourceTypes.Permission, cancellationToken).ConfigureAwait(false);
        foreach (var action in exists ? actions : actions.Append("Microsoft.Resources/subscriptions/resourceGroups/write"))
        {
            if (held.Any(permission => Grants(permission, action))) continue;
            notes.Block(
                AzsErrorKind.PermissionDenied,
                "PermissionMissing",
                $"The sign-in may not {action} at {scope}.",
                $"Ask for a role with {action} there, for example Contributor.",
                scope);
        }
    }

    /// <summary>Checks that no lock forbids writing in a scope, and, where <paramref name="deletes"/>, deleting.</summary>
    public async Task CheckLocksAsync(ResourceId scope, bool deletes, CancellationToken cancellationToken)
    {
        foreach (var found in await target.ListAsync(ResourceTypes.Lock, cancellationToken).ConfigureAwait(false))
        {
            var text = found.Id.ToString();
            var at = text.LastIndexOf("/providers/Microsoft.Authorization/locks/", StringComparison.OrdinalIgnoreCase);
            if (at < 0 || !IsAtOrBelow(scope.ToString(), text[..at])) continue;
            var isReadOnly = "ReadOnly".Equals(found.FindText("properties", "level"), StringComparison.OrdinalIgnoreCase);
            if (isReadOnly || deletes)
            {
                notes.Block(
                    AzsErrorKind.Busy,
                    "ScopeLocked",
                    $"{text[..at]} is locked ({(isReadOnly ? "ReadOnly" : "CanNotDelete")}) by '{found.Id.Name}'.",
                    "Remove the lock for the time of the restore, or restore to another resource group.",
                    text[..at]);
            }
            else
            {
                notes.Differ($"{text[..at]} is locked against deletion by '{found.Id.Name}': should the restore fail, it can't remove what it made there.");
            }
        }
    }

    private static bool IsAtOrBelow(string id, string scope) =>
        id.StartsWith(scope, StringComparison.OrdinalIgnoreCase) && (id.Length == scope.Length || id[scope.Length] == '/');

    private static bool Grants(ResourceBody permission, string action) =>
        BodyJson.Items(permission.Json, "actions").Any(given => Covers(given.GetString()!, action))
        && !BodyJson.Items(permission.Json, "notActions").Any(taken => Covers(taken.GetString()!, action));

    // A pattern of a role: "*" stands for any text.
    private static bool Covers(string pattern, string action)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1) return pattern.Equals(action, StringComparison.OrdinalIgnoreCase);
        if (!action.StartsWith(parts[0], StringComparison.OrdinalIgnoreCase)) return false;
        var at = parts[0].Length;
        foreach (var part in parts[1..^1])
        {
            var next = action.IndexOf(part, at, StringComparison.OrdinalIgnoreCase);
            if (next < 0) return false;
            at = next + part.Length;
        }

        return action.Length - at >= parts[^1].Length && action.EndsWith(parts[^1], StringComparison.OrdinalIgnoreCase);
    }
}
