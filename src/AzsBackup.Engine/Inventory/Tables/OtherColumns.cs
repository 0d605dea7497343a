using AzsBackup.Engine.Reporting;

namespace AzsBackup.Engine.Inventory.Tables;

/// <summary>What the tables of storage, key vaults, DNS and rights show.</summary>
internal static class OtherColumns
{
    /// <summary>The columns, by type.</summary>
    public static IEnumerable<(string Type, TypeColumn[] Columns)> All =>
    [
        ("Microsoft.Storage/storageAccounts",
        [
            TypeColumn.Of("column.kind", "kind"),
            TypeColumn.Of("column.sku", "sku", "name"),
            TypeColumn.Of("column.endpoint", "properties", "primaryEndpoints", "blob"),
        ]),
        ("Microsoft.KeyVault/vaults",
        [
            TypeColumn.Of("column.sku", "properties", "sku", "name"),
            TypeColumn.Of("column.endpoint", "properties", "vaultUri"),
            TypeColumn.Count("column.policies", "properties", "accessPolicies"),
        ]),
        ("Microsoft.Network/dnsZones",
        [
            TypeColumn.Number("column.records", "properties", "numberOfRecordSets"),
            new("column.nameServers", (zone, _) => ReportCell.Of(zone.Body.TextsAt("properties", "nameServers"))),
        ]),
        ("Microsoft.Authorization/roleAssignments",
        [
            TypeColumn.Of("column.principal", "properties", "principalId"),
            new("column.role", (assignment, inventory) => ReportCell.Of(ResourceLinks.To(inventory, assignment.Body.TextAt("properties", "roleDefinitionId")))),
            new("column.scope", (assignment, inventory) => ReportCell.Of(Scope(assignment, inventory))),
        ]),
        ("Microsoft.Authorization/locks",
        [
            TypeColumn.Of("column.level", "properties", "level"),
            new("column.scope", (@lock, inventory) => ReportCell.Of(Scope(@lock, inventory))),
            TypeColumn.Of("column.notes", "properties", "notes"),
        ]),
    ];

    // What an extension hangs on; at subscription level and on groups its id says so without a parent.
    private static IEnumerable<ReportPart> Scope(InventoryResource extension, ResourceInventory inventory) =>
        ResourceLinks.To(inventory, extension.Id.Parent?.ToString() ?? (extension.Id.ResourceGroupName is { } group
            ? $"/subscriptions/{extension.Id.SubscriptionId}/resourceGroups/{group}" : $"/subscriptions/{extension.Id.SubscriptionId}"));
}
