using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Rebuild;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Restore;

/// <summary>Plans the disks of a restore onto a stack: their names, kinds and places, and what stands in their way.</summary>
internal sealed partial class DiskPlanner(IStack stack, AzsVmRecoveryPoint point, StackRestoreOptions options, CapturedVm? captured, PlanNotes notes)
{
    private static readonly string[] DiskActions = ["Microsoft.Compute/disks/write", "Microsoft.Compute/disks/delete"];

    private static readonly string[] AccountActions = ["Microsoft.Storage/storageAccounts/write", "Microsoft.Storage/storageAccounts/delete", "Microsoft.Storage/storageAccounts/listKeys/action"];

    private readonly TargetInventory _target = new(stack, options.Map);

    /// <summary>Added to the names of disks, to tell them from those they replace.</summary>
    public string NameSuffix { get; init; } = "";

    /// <summary>The disks, in the point's order.</summary>
    public async Task<IReadOnlyList<PlannedDisk>> PlanAsync(CancellationToken cancellationToken)
    {
        var chosen = options.Disks.Choose(point.VmName, point.Disks, disk => (disk.Name, disk.Lun));
        var unmanaged = options.Unmanaged ?? chosen.All(disk => disk.DiskId?.StartsWith("http", StringComparison.OrdinalIgnoreCase) == true);
        var account = unmanaged ? await FindAccountAsync(chosen[0], cancellationToken).ConfigureAwait(false) : null;
        var planned = new List<PlannedDisk>();
        foreach (var disk in chosen)
        {
            if (unmanaged && account is null) break;
            planned.Add(account is null
                ? await PlanManagedAsync(disk, cancellationToken).ConfigureAwait(false)
                : await PlanBlobAsync(disk, account, cancellationToken).ConfigureAwait(false));
        }

        await CheckAsync(planned, unmanaged, cancellationToken).ConfigureAwait(false);
        return planned;
    }

    private async Task CheckAsync(List<PlannedDisk> planned, bool unmanaged, CancellationToken cancellationToken)
    {
        var compute = new ComputeChecks(_target, notes);
        foreach (var disk in planned) compute.CheckDisk(disk.Target, Path.GetFileName(disk.Target.Place));
        foreach (var twice in planned.GroupBy(disk => disk.Target.Place, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
        {
            notes.Block(AzsErrorKind.InvalidInput, "NameNotUnique", $"Two disks would both be {twice.Key}.", "Give each its own name with -NameMap.", twice.Key);
        }

        var access = new AccessChecks(_target, notes);
        var group = ResourceId.CreateGroup(options.Map.SubscriptionId, options.Map.ResourceGroupName);
        await notes.CheckAsync("The locks", () => access.CheckLocksAsync(group, deletes: false, cancellationToken)).ConfigureAwait(false);
        if (unmanaged) return;

        // A group that is not there yet stands for one that each restore makes for itself.
        var staging = ResourceId.CreateGroup(options.Map.SubscriptionId, options.StagingResourceGroupName ?? "azsbackup-restore-new");
        await notes.CheckAsync("The permissions", () => access.CheckActionsAsync(group, DiskActions, cancellationToken)).ConfigureAwait(false);
        await notes.CheckAsync("The permissions", () => access.CheckActionsAsync(staging, AccountActions, cancellationToken)).ConfigureAwait(false);
        await notes.CheckAsync("The storage provider", () => _target.ListAsync(ResourceTypes.StorageAccount, cancellationToken)).ConfigureAwait(false);
    }

    private async Task<PlannedDisk> PlanManagedAsync(AzsRecoveryPointDisk disk, CancellationToken cancellationToken)
    {
        var name = NameOf(disk);
        var id = options.Map.IdFor(ResourceTypes.Disk, name);
        await notes.CheckAsync("The names of disks", async () =>
        {
            if (await _target.FindAsync(id, cancellationToken).ConfigureAwait(false) is not null) notes.Block(MadeResources.NameTaken(id));
        }).ConfigureAwait(false);
        var source = ResourceId.TryParse(disk.DiskId, out var sourceId) ? captured?.Find(sourceId) : null;
        var body = source is null ? new JsonObject { ["location"] = _target.Location } : BodyJson.Begin(source, _target.Location);
        body["sku"] = new JsonObject { ["name"] = SkuOf(source) };
        VmBody.Tag(body, options.Map.Tags);
        var properties = new JsonObject();
        if (disk.Lun is null && captured is not null) properties["osType"] = captured.OsType;
        body["properties"] = properties;
        return new PlannedDisk(disk, new RebuildDisk { Lun = disk.Lun, SizeBytes = disk.SizeBytes, ManagedDisk = id }, body);
    }

    private string NameOf(AzsRecoveryPointDisk disk)
    {
        var name = options.Map.NameFor(disk.Name, point.VmName);
        return NameSuffix.Length == 0 ? name : EarlierSuffix().Replace(name, "") + NameSuffix;
    }

    // Of an earlier restore in place: names would grow with each.
    [GeneratedRegex("-[0-9a-f]{8}$", RegexOptions.CultureInvariant)]
    private static partial Regex EarlierSuffix();

    // A stamp has two kinds of disks.
    private static string SkuOf(ResourceBody? disk) =>
        disk?.FindText("sku", "name")?.StartsWith("Premium", StringComparison.OrdinalIgnoreCase) == true ? "Premium_LRS" : "Standard_LRS";

    private async Task<PlannedDisk> PlanBlobAsync(AzsRecoveryPointDisk disk, ResourceBody account, CancellationToken cancellationToken)
    {
        var endpoint = account.FindText("properties", "primaryEndpoints", "blob")!.TrimEnd('/');
        var file = NameOf(disk) + ".vhd";
        var uri = new Uri($"{endpoint}/{PlannedDisk.Container}/{Uri.EscapeDataString(file)}");
        await notes.CheckAsync("The storage account", async () =>
        {
            var blob = await StorageAccounts.OpenBlobAsync(stack, options.Map.SubscriptionId, uri, cancellationToken).ConfigureAwait(false);
            if (await blob.ExistsAsync(cancellationToken).ConfigureAwait(false))
            {
                notes.Block(AzsErrorKind.AlreadyExists, "NameTaken", $"There is a blob {uri} already.", "Give other names with -NamePrefix or -NameMap.", uri.ToString());
            }
        }).ConfigureAwait(false);
        return new PlannedDisk(disk, new RebuildDisk { Lun = disk.Lun, SizeBytes = disk.SizeBytes, Blob = uri }, null, account);
    }

    private async Task<ResourceBody?> FindAccountAsync(AzsRecoveryPointDisk disk, CancellationToken cancellationToken)
    {
        var accounts = await _target.ListAsync(ResourceTypes.StorageAccount, cancellationToken).ConfigureAwait(false);
        var found = accounts.FirstOrDefault(account => options.StorageAccountName is { } name
            ? name.Equals(account.Id.Name, StringComparison.OrdinalIgnoreCase)
            : account.FindText("properties", "primaryEndpoints", "blob") is { } endpoint && disk.DiskId?.StartsWith(endpoint, StringComparison.OrdinalIgnoreCase) == true);
        if (found is not null) return found;
        notes.Block(
            AzsErrorKind.NotFound,
            "StorageAccountMissing",
            options.StorageAccountName is { } wanted
                ? $"There is no storage account '{wanted}' in subscription {options.Map.SubscriptionId} on {stack.HostName}."
                : $"The storage account the VM's unmanaged disks were in is not on {stack.HostName}.",
            "Name one with -StorageAccountName, or make managed disks with -Unmanaged:$false.",
            options.StorageAccountName);
        return null;
    }
}
