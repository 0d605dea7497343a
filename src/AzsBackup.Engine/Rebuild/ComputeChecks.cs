using System.Globalization;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Rebuild;

/// <summary>What compute on the target allows: sizes, disks, quotas, marketplace items.</summary>
internal sealed class ComputeChecks(TargetInventory target, PlanNotes notes)
{
    private const long GiB = 1L << 30;

    // docs: azure-stack-managed-disk-considerations; the public clouds take disks of up to 32767 GiB.
    private const long StampDiskLimit = 1023;
    private const long AzureDiskLimit = 32767;

    private string Place => $"{target.Subscription}/providers/Microsoft.Compute/locations/{target.Location}";

    /// <summary>Checks that a disk may be as large as it is.</summary>
    public void CheckDisk(RebuildDisk disk, string name)
    {
        var limit = target.HostName.Equals("management.azure.com", StringComparison.OrdinalIgnoreCase) ? AzureDiskLimit : StampDiskLimit;
        if (disk.SizeBytes <= limit * GiB) return;
        var size = (disk.SizeBytes / (double)GiB).ToString("0.#", CultureInfo.InvariantCulture);
        notes.Block(
            AzsErrorKind.LimitExceeded,
            "DiskTooLarge",
            $"Disk '{name}' has {size} GiB; {target.HostName} takes disks of up to {limit} GiB.",
            "Leave it out with -ExcludeDisk, or restore it to a file with -Path.",
            name);
    }

    /// <summary>Checks that the size is offered, takes so many data disks, and is within the quota.</summary>
    public async Task CheckSizeAsync(string name, int dataDisks, bool addsSet, int coresFreed, CancellationToken cancellationToken)
    {
        var sizes = await target.ListAsync($"{Place}/vmSizes", ResourceTypes.VmSize, cancellationToken).ConfigureAwait(false);
        var size = sizes.FirstOrDefault(size => name.Equals(size.FindText("name"), StringComparison.OrdinalIgnoreCase));
        if (size is null)
        {
            notes.Block(
                AzsErrorKind.NotSupported,
                "SizeNotOffered",
                $"The size {name} is not offered at {target.Location} on {target.HostName}.",
                $"Give one that is with -VmSize, for example {string.Join(", ", sizes.Select(offered => offered.FindText("name")).Take(5))}.",
                name);
            return;
        }

        if (size.Find("maxDataDiskCount") is { } most && dataDisks > most.GetInt32())
        {
            notes.Block(
                AzsErrorKind.LimitExceeded,
                "TooManyDisks",
                $"The size {name} takes {most.GetInt32()} data disks; the VM has {dataDisks}.",
                "Give a larger size with -VmSize, or leave disks out with -ExcludeDisk.",
                name);
        }

        var cores = size.Find("numberOfCores")?.GetInt32() ?? 0;
        await notes.CheckAsync("The compute quota", () => CheckQuotaAsync(cores - coresFreed, coresFreed > 0 ? 0 : 1, addsSet ? 1 : 0, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>The cores of a size; 0 if it is not offered any more.</summary>
    public async Task<int> CoresOfAsync(string? size, CancellationToken cancellationToken)
    {
        var sizes = await target.ListAsync($"{Place}/vmSizes", ResourceTypes.VmSize, cancellationToken).ConfigureAwait(false);
        return sizes.FirstOrDefault(offered => size?.Equals(offered.FindText("name"), StringComparison.OrdinalIgnoreCase) == true)?.Find("numberOfCores")?.GetInt32() ?? 0;
    }

    /// <summary>Checks that the marketplace item is there whose plan the VM's disk carries.</summary>
    public async Task CheckPlanAsync(CapturedVm vm, CancellationToken cancellationToken)
    {
        if (vm.Vm.Find("plan") is not { } plan) return;
        var image = vm.Vm.Find("properties", "storageProfile", "imageReference");
        var publisher = Part("publisher", "publisher");
        var offer = Part("offer", "product");
        var sku = Part("sku", "name");
        var path = $"{Place}/publishers/{publisher}/artifacttypes/vmimage/offers/{offer}/skus/{sku}/versions";
        try
        {
            if ((await target.ListAsync(path, ResourceTypes.Publisher, cancellationToken).ConfigureAwait(false)).Count > 0) return;
        }
        catch (AzsException missing) when (missing.Kind == AzsErrorKind.NotFound)
        {
            // Said below: an unknown publisher and an offer without versions are one thing here.
        }

        notes.Block(
            AzsErrorKind.NotFound,
            "ImagePlanMissing",
            $"The VM needs the marketplace item '{publisher}/{offer}/{sku}' of its plan, and {target.HostName} has none.",
            "Ask the stack's operator to add it to the marketplace.",
            $"{publisher}/{offer}/{sku}");

        string? Part(string ofImage, string ofPlan) => (image is { } given ? BodyJson.Text(given, ofImage) : null) ?? BodyJson.Text(plan, ofPlan);
    }

    private async Task CheckQuotaAsync(int cores, int machines, int sets, CancellationToken cancellationToken)
    {
        foreach (var usage in await target.ListAsync($"{Place}/usages", ResourceTypes.ComputeUsage, cancellationToken).ConfigureAwait(false))
        {
            var wanted = usage.FindText("name", "value")?.ToUpperInvariant() switch
            {
                "CORES" => cores,
                "VIRTUALMACHINES" => machines,
                "AVAILABILITYSETS" => sets,
                _ => 0,
            };
            if (wanted <= 0 || usage.Find("currentValue") is not { } used || usage.Find("limit") is not { } limit) continue;
            if (used.GetInt64() + wanted <= limit.GetInt64()) continue;
            notes.Block(
                AzsErrorKind.LimitExceeded,
                "QuotaExceeded",
                $"The quota '{usage.FindText("name", "localizedValue") ?? usage.FindText("name", "value")}' allows {limit}; {used} are used and {wanted} more are needed.",
                "Free some of the quota, give a smaller size with -VmSize, or ask the stack's operator for an add-on plan.",
                target.Subscription);
        }
    }
}
