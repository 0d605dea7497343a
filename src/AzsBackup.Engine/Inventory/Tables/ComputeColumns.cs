using AzsBackup.Engine.Reporting;

namespace AzsBackup.Engine.Inventory.Tables;

/// <summary>What the tables of compute resources show.</summary>
internal static class ComputeColumns
{
    private static readonly string[] StorageProfile = ["properties", "storageProfile"];

    /// <summary>The columns, by type.</summary>
    public static IEnumerable<(string Type, TypeColumn[] Columns)> All =>
    [
        ("Microsoft.Compute/virtualMachines",
        [
            TypeColumn.Of("column.size", "properties", "hardwareProfile", "vmSize"),
            TypeColumn.Of("column.os", "properties", "storageProfile", "osDisk", "osType"),
            new("column.image", (vm, _) => ReportCell.Of(Image(vm))),
            TypeColumn.Links("column.nics", vm => vm.Body.ItemsAt("properties", "networkProfile", "networkInterfaces").Select(nic => nic.TextAt("id"))),
            new("column.addresses", (vm, inventory) => ReportCell.Of(vm.Body.ItemsAt("properties", "networkProfile", "networkInterfaces")
                .Select(nic => inventory.Find(nic.TextAt("id"))).OfType<InventoryResource>().SelectMany(NetworkColumns.PrivateAddresses))),
            new("column.disks", (vm, inventory) => ReportCell.Of(Disks(vm, inventory))),
            TypeColumn.Link("column.availabilitySet", "properties", "availabilitySet", "id"),
        ]),
        ("Microsoft.Compute/virtualMachineScaleSets",
        [
            TypeColumn.Of("column.size", "sku", "name"),
            TypeColumn.Number("column.instances", "sku", "capacity"),
            TypeColumn.Of("column.upgrade", "properties", "upgradePolicy", "mode"),
        ]),
        ("Microsoft.Compute/virtualMachines/extensions",
        [
            TypeColumn.Of("column.publisher", "properties", "publisher"),
            TypeColumn.Of("column.kind", "properties", "type"),
            TypeColumn.Of("column.version", "properties", "typeHandlerVersion"),
        ]),
        ("Microsoft.Compute/disks",
        [
            TypeColumn.Number("column.sizeGb", "properties", "diskSizeGB"),
            TypeColumn.Of("column.sku", "sku", "name"),
            TypeColumn.Of("column.os", "properties", "osType"),
            TypeColumn.Link("column.attachedTo", "managedBy"),
        ]),
        ("Microsoft.Compute/snapshots",
        [
            TypeColumn.Number("column.sizeGb", "properties", "diskSizeGB"),
            TypeColumn.Of("column.sku", "sku", "name"),
            TypeColumn.Link("column.source", "properties", "creationData", "sourceResourceId"),
        ]),
        ("Microsoft.Compute/images",
        [
            TypeColumn.Of("column.os", "properties", "storageProfile", "osDisk", "osType"),
            TypeColumn.Link("column.source", "properties", "sourceVirtualMachine", "id"),
        ]),
        ("Microsoft.Compute/availabilitySets",
        [
            TypeColumn.Number("column.faultDomains", "properties", "platformFaultDomainCount"),
            TypeColumn.Number("column.updateDomains", "properties", "platformUpdateDomainCount"),
            new("column.vms", (set, inventory) => ReportCell.Of(inventory.OfType("Microsoft.Compute/virtualMachines")
                .Where(vm => inventory.Find(vm.Body.TextAt("properties", "availabilitySet", "id")) == set).Select(ResourceLinks.To))),
        ]),
    ];

    private static string? Image(InventoryResource vm)
    {
        if (vm.Body.At([.. StorageProfile, "imageReference"]) is not { } image) return null;
        if (image.TextAt("id") is { } id) return id[(id.LastIndexOf('/') + 1)..];
        return string.Join(' ', new[] { image.TextAt("publisher"), image.TextAt("offer"), image.TextAt("sku") }.OfType<string>());
    }

    // Unmanaged disks are blobs: they have a name and a URI and no resource.
    private static IEnumerable<ReportPart> Disks(InventoryResource vm, ResourceInventory inventory) =>
        new[] { vm.Body.At([.. StorageProfile, "osDisk"]) }.Where(disk => disk is not null).Select(disk => disk!.Value)
            .Concat(vm.Body.ItemsAt([.. StorageProfile, "dataDisks"]))
            .Select(disk => disk.TextAt("managedDisk", "id") is { } id && inventory.Find(id) is { } found
                ? ResourceLinks.To(found)
                : new ReportPart(disk.TextAt("name") ?? disk.TextAt("vhd", "uri") ?? "?"));
}
