using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Authorization;

/// <summary>Who may do what where: the role assignments of the subscription with their roles' permissions. Used while the stack's gate is held.</summary>
internal sealed class RoleGrants(ResourceStore resources)
{
    private const string AssignmentType = "Microsoft.Authorization/roleAssignments";
    private Dictionary<string, List<RoleGrant>> _grants = new(StringComparer.OrdinalIgnoreCase);
    private long _version = -1;

    /// <summary>What a principal was granted, at every scope.</summary>
    public IReadOnlyList<RoleGrant> Of(string objectId)
    {
        if (_version != resources.Version)
            Rebuild();
        return _grants.TryGetValue(objectId, out List<RoleGrant>? found) ? found : [];
    }

    /// <summary>The permissions of a role definition's id; none if it is not there any more.</summary>
    public IReadOnlyList<RolePermission> PermissionsOf(string roleDefinitionId)
    {
        string name = roleDefinitionId[(roleDefinitionId.LastIndexOf('/') + 1)..];
        if (BuiltInRole.Find(name) is { } builtIn)
            return [builtIn.Permission];
        ArmResource? custom = resources.OfType(RoleDefinitionRoom.Type).FirstOrDefault(role => ArmPath.Equal(role.Id.Name, name));
        return [.. custom?.Properties.Array("permissions")?.Select(RolePermission.FromJson) ?? []];
    }

    private void Rebuild()
    {
        _grants = new(StringComparer.OrdinalIgnoreCase);
        foreach (ArmResource assignment in resources.OfType(AssignmentType))
        {
            string principal = assignment.Properties.Text("principalId") ?? "";
            if (!_grants.TryGetValue(principal, out List<RoleGrant>? list))
                _grants[principal] = list = [];
            list.Add(new RoleGrant(assignment.Id.Scope, PermissionsOf(assignment.Properties.Text("roleDefinitionId") ?? "")));
        }

        _version = resources.Version;
    }
}
