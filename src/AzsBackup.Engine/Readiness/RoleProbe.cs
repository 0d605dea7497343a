using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Readiness;

/// <summary>Whether the sign-in's roles on the subscription allow what each command does (Microsoft.Authorization/permissions, 2015-07-01).</summary>
internal sealed class RoleProbe(IStack stack) : IReadinessProbe
{
    private const string Type = "Microsoft.Authorization/permissions";

    private static readonly string[] Reading =
    [
        "Microsoft.Compute/virtualMachines/read", "Microsoft.Compute/disks/read", "Microsoft.Network/networkInterfaces/read",
    ];

    private static readonly (string Command, string[] Actions)[] Commands =
    [
        ("Export-AzsResourceConfig", ["Microsoft.Resources/subscriptions/resourceGroups/read", .. Reading, "Microsoft.Storage/storageAccounts/read"]),
        ("Start-AzsVmBackup",
        [
            .. Reading, "Microsoft.Resources/subscriptions/resourceGroups/read", "Microsoft.Resources/subscriptions/resourceGroups/write",
            "Microsoft.Compute/snapshots/read", "Microsoft.Compute/snapshots/write", "Microsoft.Compute/snapshots/delete",
            "Microsoft.Compute/snapshots/beginGetAccess/action", "Microsoft.Compute/snapshots/endGetAccess/action",
        ]),
        ("Start-AzsVmBackup -Consistency Offline",
        [
            "Microsoft.Compute/virtualMachines/deallocate/action", "Microsoft.Compute/virtualMachines/start/action",
        ]),
        ("Start-AzsVmBackup, unmanaged disks", ["Microsoft.Storage/storageAccounts/read", "Microsoft.Storage/storageAccounts/listKeys/action"]),
        ("Restore-AzsVmBackup -Stack",
        [
            "Microsoft.Resources/subscriptions/resourceGroups/write", "Microsoft.Storage/storageAccounts/write", "Microsoft.Storage/storageAccounts/delete",
            "Microsoft.Storage/storageAccounts/listKeys/action", "Microsoft.Compute/disks/write", "Microsoft.Compute/virtualMachines/write",
            "Microsoft.Network/networkInterfaces/write", "Microsoft.Network/networkInterfaces/join/action",
            "Microsoft.Network/virtualNetworks/subnets/join/action",
        ]),
        ("Copy-AzsStackReplica, as destination",
        [
            "Microsoft.Resources/subscriptions/resourceGroups/write", "Microsoft.Storage/storageAccounts/write",
            "Microsoft.Storage/storageAccounts/listKeys/action",
        ]),
    ];

    public string Name => "Roles";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var granted = new GrantedActions();
        var path = $"/subscriptions/{stack.Connection.SubscriptionId}/providers/{Type}";
        await foreach (var permission in stack.Resources.ListAsync(path, Type, cancellationToken).ConfigureAwait(false)) granted.Add(permission.Json);
        return Commands.Select(command => Judge(command.Command, command.Actions, granted)).ToList();
    }

    private static Finding Judge(string command, string[] actions, GrantedActions granted)
    {
        var missing = actions.Where(action => !granted.Allows(action)).ToList();
        return missing.Count == 0
            ? new Finding($"Role: {command}", AzsReadinessStatus.Ready, "The sign-in's roles on the subscription allow all of it.")
            : new Finding(
                $"Role: {command}",
                AzsReadinessStatus.Missing,
                $"The sign-in's roles on the subscription do not allow {string.Join(", ", missing)}.",
                "Ask for a role that does, for example Contributor; one on the resource groups concerned is enough as well, and is not seen here.");
    }
}
