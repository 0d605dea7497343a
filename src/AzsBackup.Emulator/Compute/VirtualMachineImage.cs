using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Compute;

/// <summary>The image a VM is made from.</summary>
/// <param name="Id">The id its disks show as their source; empty for a page blob.</param>
/// <param name="OsType">Windows or Linux, if the image says.</param>
/// <param name="ExactVersion">The version that <c>latest</c> stood for.</param>
/// <param name="Disks">Its disks with their bytes; empty for a marketplace image, whose bytes the stack does not have.</param>
/// <param name="OsSizeGiB">The size of its OS disk where there are no bytes.</param>
internal sealed record VirtualMachineImage(string Id, string? OsType, string? ExactVersion, IReadOnlyList<ImageDisk> Disks, int? OsSizeGiB)
{
    /// <summary>The bytes a disk of the VM begins with: by LUN, or of the OS disk. Only to be copied.</summary>
    public PageVolume? VolumeOf(JsonObject disk) => Disks.FirstOrDefault(found => found.Lun == disk.Number("lun"))?.Volume;

    /// <summary>The least size in GiB a disk of the VM can have.</summary>
    public long? SizeOf(JsonObject disk) => VolumeOf(disk) is { } volume ? ManagedDisks.SizeInGiB(volume) : disk["lun"] is null ? OsSizeGiB : null;

    /// <summary>Adds the image's data disks that a request does not name.</summary>
    public void AddDataDisks(JsonArray data)
    {
        foreach (int lun in Disks.Select(disk => disk.Lun).OfType<int>().Where(lun => data.All(disk => disk.Number("lun") != lun)).ToList())
        {
            JsonObject disk = ArmJson.NewObject();
            disk["lun"] = lun;
            disk["createOption"] = "FromImage";
            data.Add((JsonNode)disk);
        }
    }
}
