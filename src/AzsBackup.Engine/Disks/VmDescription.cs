using System.Text.Json;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Disks;

/// <summary>A VM as far as its disks go, read from its Resource Manager body.</summary>
/// <param name="Body">The body it was read from.</param>
/// <param name="Disks">The OS disk first, then the data disks by LUN. Temporary disks are not disks of a VM in this sense.</param>
public sealed record VmDescription(ResourceBody Body, IReadOnlyList<VmDisk> Disks)
{
    /// <summary>The VM's id.</summary>
    public ResourceId Id => Body.Id;

    /// <summary>The VM's name.</summary>
    public string Name => Body.Id.Name;

    /// <summary>Asks the stack for a VM.</summary>
    /// <exception cref="AzsException">There is no such VM, or the stack refuses to tell.</exception>
    public static async Task<VmDescription> ReadAsync(IStack stack, ResourceId vmId, CancellationToken cancellationToken)
    {
        try
        {
            return Describe(await stack.Resources.GetAsync(vmId, cancellationToken).ConfigureAwait(false));
        }
        catch (AzsException missing) when (missing.Kind == AzsErrorKind.NotFound)
        {
            throw new AzsException(
                AzsErrorKind.NotFound,
                "VmNotFound",
                $"There is no VM '{vmId.Name}' in resource group '{vmId.ResourceGroupName}' on {stack.HostName}.",
                "Check its name, resource group and subscription, and with -Stack which stack is asked.",
                vmId.ToString(),
                missing);
        }
    }

    /// <summary>Reads a VM's disks out of its body.</summary>
    /// <exception cref="AzsException">The body names a disk without saying where it lies.</exception>
    public static VmDescription Describe(ResourceBody body)
    {
        var disks = new List<VmDisk>();
        if (body.Find("properties", "storageProfile", "osDisk") is { } os) disks.Add(ReadDisk(body, os, null));
        if (body.Find("properties", "storageProfile", "dataDisks") is { ValueKind: JsonValueKind.Array } data)
        {
            disks.AddRange(data.EnumerateArray()
                .Select(disk => ReadDisk(body, disk, disk.GetProperty("lun").GetInt32()))
                .OrderBy(disk => disk.Lun));
        }

        return new VmDescription(body, disks);
    }

    private static VmDisk ReadDisk(ResourceBody vm, JsonElement disk, int? lun)
    {
        var fallbackName = VmDisk.SlotOf(lun);
        var name = disk.TryGetProperty("name", out var given) ? given.GetString() ?? fallbackName : fallbackName;
        if (disk.TryGetProperty("managedDisk", out var managed)
            && managed.ValueKind == JsonValueKind.Object
            && managed.TryGetProperty("id", out var id)
            && ResourceId.TryParse(id.GetString(), out var managedId))
        {
            return new VmDisk { Name = name, Lun = lun, ManagedDisk = managedId };
        }

        if (disk.TryGetProperty("vhd", out var vhd)
            && vhd.ValueKind == JsonValueKind.Object
            && vhd.TryGetProperty("uri", out var uri)
            && Uri.TryCreate(uri.GetString(), UriKind.Absolute, out var blob))
        {
            return new VmDisk { Name = name, Lun = lun, Blob = blob };
        }

        throw new AzsException(
            AzsErrorKind.DataDamaged,
            "DiskPlaceUnknown",
            $"The stack's answer for VM '{vm.Id.Name}' names neither a managed disk nor a blob for disk '{name}'.",
            "Look at the VM in the portal; a VM that is still being created can be backed up when it is ready.",
            vm.Id.ToString());
    }
}
