using System.Text.Json.Nodes;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Deployment;

/// <summary>
/// Says of a captured machine where its disks come from: a body as a service shows it names disks and image both, which a
/// service refuses in a PUT.
/// </summary>
/// <param name="mode">Where disks come from.</param>
/// <param name="notes">Gets what is not brought back.</param>
internal sealed class VirtualMachineDisks(AzsVmDeploymentMode mode, List<DeploymentNote> notes)
{
    private readonly Dictionary<string, ResourceId> _madeWith = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _needed = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The machine that makes a disk; null if none does.</summary>
    public ResourceId? MakerOf(string disk) => _madeWith.GetValueOrDefault(disk);

    /// <summary>Whether a disk must be there before the deployment.</summary>
    public bool IsNeeded(string disk) => _needed.Contains(disk);

    /// <summary>Changes the body of a machine into one that can be deployed.</summary>
    public void Prepare(CapturedBody machine)
    {
        if (machine.Properties is not { } properties || properties["storageProfile"] is not JsonObject storage) return;
        var hasImage = storage["imageReference"] is JsonObject { Count: > 0 } || storage["osDisk"]?["image"] is JsonObject;
        var systemDisk = storage["osDisk"] as JsonObject;
        if (mode == AzsVmDeploymentMode.Rebuild && hasImage)
        {
            if (systemDisk is not null) MakeWith(machine, systemDisk, "FromImage");
        }
        else
        {
            if (systemDisk is not null) Attach(machine, systemDisk);
            storage.Remove("imageReference");
            systemDisk?.Remove("image");
            properties.Remove("osProfile");
        }

        foreach (var disk in (storage["dataDisks"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var option = CapturedBody.TextAt(disk, "createOption");

            // What to do with a disk, not what it is.
            disk.Remove("toBeDetached");
            if (mode == AzsVmDeploymentMode.Attach) Attach(machine, disk);
            else if (!"Attach".Equals(option, StringComparison.OrdinalIgnoreCase)) MakeWith(machine, disk, option ?? "Empty");
        }
    }

    private void MakeWith(CapturedBody machine, JsonObject disk, string option)
    {
        disk["createOption"] = option;
        if (disk["managedDisk"] is not JsonObject managed) return;
        if (CapturedBody.TextAt(managed, "id") is { } id) _madeWith[id] = machine.Id;
        managed.Remove("id");
    }

    private void Attach(CapturedBody machine, JsonObject disk)
    {
        disk["createOption"] = "Attach";
        disk.Remove("diskSizeGB");
        if (disk["managedDisk"] is not JsonObject managed) return;

        // A machine that attaches a disk takes it as it is.
        managed.Remove("storageAccountType");
        if (CapturedBody.TextAt(managed, "id") is not { } id || mode != AzsVmDeploymentMode.Attach) return;
        if (_needed.Add(id)) notes.Add(new DeploymentNote(id, null, DeploymentNoteKind.DiskNeeded, $"The machine '{machine.Id.Name}' attaches it: restore it before."));
    }
}
