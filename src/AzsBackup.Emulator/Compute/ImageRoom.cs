using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Arm.Operations;
using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Compute;

/// <summary>Custom images: of a generalized VM, or of disks, snapshots and blobs. They keep copies, so that their sources may go.</summary>
internal sealed class ImageRoom(StackState stack, ManagedDisks disks) : ResourceRoom(stack)
{
    public const string ImageType = "Microsoft.Compute/images";

    public override bool AnnouncesNotification => true;

    public override AsyncStyle WriteStyle => AsyncStyle.StatusDocument;

    public override AsyncStyle DeleteStyle => AsyncStyle.Both;

    public override string CreatingState => "Creating";

    public override void Write(ResourceWrite write)
    {
        write.Properties.Default("hyperVGeneration", "V1");
        if (!write.IsNew)
        {
            foreach (string made in (string[])["storageProfile", "sourceVirtualMachine"])
                if (write.Previous!["properties"]![made] is { } before)
                    write.Properties[made] = before.DeepClone();
            return;
        }

        if (write.Properties.Text("sourceVirtualMachine", "id") is { } machine)
            write.Properties["storageProfile"] = ProfileOf(machine, write);
        JsonObject profile = write.Properties.Object("storageProfile")
            ?? throw ArmException.Parameter("storageProfile", "Required parameter 'storageProfile' is missing (null).");
        JsonObject os = profile.Object("osDisk")
            ?? throw ArmException.Parameter("osDisk", "Required parameter 'osDisk' is missing (null).");
        foreach (string required in (string[])["osType", "osState"])
            if (os.Text(required) is null)
                throw ArmException.Parameter("osDisk." + required, $"Required parameter 'osDisk.{required}' is missing (null).");
        List<JsonObject> all = [os, .. profile.EnsureArray("dataDisks").OfType<JsonObject>()];
        List<ImageDisk> kept = [];
        try
        {
            foreach (JsonObject disk in all)
                kept.Add(Keep(disk, Copy(disk, write), isOs: disk == os));
        }
        catch (ArmException)
        {
            kept.ForEach(disk => disk.Volume.Dispose());
            throw;
        }

        write.Resource.State = new ImageState(kept);
    }

    public override void AfterDelete(ArmResource resource)
    {
        foreach (ImageDisk disk in (resource.State as ImageState)?.Disks ?? [])
            disk.Volume.Dispose();
    }

    private static ImageDisk Keep(JsonObject disk, PageVolume copy, bool isOs)
    {
        disk.Default("caching", "None");
        disk.Default("storageAccountType", "Standard_LRS");
        disk["diskSizeGB"] = ManagedDisks.SizeInGiB(copy);
        return new ImageDisk(isOs ? null : (int?)disk.Number("lun") ?? 0, copy);
    }

    private PageVolume Copy(JsonObject disk, ResourceWrite write)
    {
        string? id = disk.Text("managedDisk", "id") ?? disk.Text("snapshot", "id");
        string? uri = disk.Text("blobUri");
        PageVolume? source = id is not null
            ? ((DiskState?)(Stack.Resources.Find(id, ManagedDisks.DiskType) ?? Stack.Resources.Find(id, ManagedDisks.SnapshotType))?.State)?.Volume
            : disks.FindBlob(uri ?? throw ArmException.Parameter("osDisk", "One of the parameters 'managedDisk', 'snapshot' or 'blobUri' must be specified."));
        if (source is not null)
            return source.Snapshot();
        // An estate's image outlives the disks it was made of.
        if (write.IsLoading)
            return disks.CreateEmpty(disk.Number("diskSizeGB") ?? Stack.Options.ImageDiskSizeGiB, Stack.Ids.NewId());
        throw id is not null ? ArmException.MissingReference(id, write.Resource.Id.Text)
            : new ArmException(404, "BlobNotFound", $"Unable to find VHD blob with URI {uri} for image '{write.Resource.Id.Name}'.");
    }

    /// <summary>The disks of a VM, which must be generalized.</summary>
    private JsonObject ProfileOf(string machineId, ResourceWrite write)
    {
        ArmResource? machine = Stack.Resources.Find(machineId, VirtualMachineRoom.MachineType);
        if (machine is null)
            return write.IsLoading && write.Properties.Object("storageProfile") is { } given ? (JsonObject)given.DeepClone() : throw ArmException.MissingReference(machineId, write.Resource.Id.Text);
        if (!write.IsLoading && machine.State is not VirtualMachineState { IsGeneralized: true })
            throw new ArmException(409, "OperationNotAllowed", $"VM '{machine.Id.Name}' must be generalized before it can be captured as an image.");
        JsonObject[] attached = [.. VirtualMachineDisks.Attachments(machine.Properties)];
        JsonObject profile = ArmJson.NewObject();
        profile["osDisk"] = DiskOf(attached[0], os => os["osState"] = "Generalized", "osType");
        profile["dataDisks"] = new JsonArray([.. attached.Skip(1).Select(data => DiskOf(data, _ => { }, "lun"))]);
        return profile;
    }

    private JsonObject DiskOf(JsonObject attached, Action<JsonObject> complete, string named)
    {
        JsonObject disk = ArmJson.NewObject();
        disk[named] = attached[named]!.DeepClone();
        complete(disk);
        if (attached.Text("vhd", "uri") is { } uri)
            disk["blobUri"] = uri;
        else
        {
            disk["managedDisk"] = new JsonObject { ["id"] = attached.Text("managedDisk", "id") };
            disk["storageAccountType"] = Stack.Resources.Find(attached.Text("managedDisk", "id"), ManagedDisks.DiskType)?.Body.Text("sku", "name");
        }

        disk["caching"] = attached.Text("caching") ?? "None";
        return disk;
    }
}
