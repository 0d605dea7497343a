using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Compute;

/// <summary>The disks of a VM: made from an image, attached, or made empty; managed or as page blobs.</summary>
internal sealed class VirtualMachineDisks(StackState stack, ManagedDisks disks)
{
    private const int MaxLun = 63;

    /// <summary>The OS disk and the data disks in a VM's properties.</summary>
    public static IEnumerable<JsonObject> Attachments(JsonObject properties)
    {
        if (properties.Object("storageProfile", "osDisk") is { } os)
            yield return os;
        foreach (JsonObject data in properties.Array("storageProfile", "dataDisks")?.OfType<JsonObject>() ?? [])
            yield return data;
    }

    /// <summary>The managed disks of a VM.</summary>
    public IEnumerable<ArmResource> Of(ArmResource machine) => Attachments(machine.Properties)
        .Select(disk => stack.Resources.Find(disk.Text("managedDisk", "id"), ManagedDisks.DiskType)).OfType<ArmResource>();

    /// <summary>Checks all disks of a VM first, then makes those that are not there yet.</summary>
    /// <param name="write">The VM.</param>
    /// <param name="size">Its size, or <see langword="null"/> where that sets no limit.</param>
    public void Write(ResourceWrite write, VirtualMachineSize? size)
    {
        JsonObject profile = write.Properties.Object("storageProfile")
            ?? throw ArmException.Parameter("storageProfile", "Required parameter 'storageProfile' is missing (null).");
        JsonObject os = profile.Object("osDisk")
            ?? throw ArmException.Parameter("osDisk", "Required parameter 'osDisk' is missing (null).");
        VirtualMachineImage? image = Option(os) == "FROMIMAGE" ? new VirtualMachineImages(stack, disks).Of(write, os) : null;
        if (write.IsNew)
            image?.AddDataDisks(profile.EnsureArray("dataDisks"));
        RequireLuns(write, profile.EnsureArray("dataDisks"), size);

        List<JsonObject> all = [.. Attachments(write.Properties)];
        foreach (JsonObject disk in all)
            Check(write, disk, isOs: disk == os, image);
        SetOsType(write, os, image);
        int number = 0;
        foreach (JsonObject disk in all)
            Make(write, disk, isOs: disk == os, ++number, image);
        if (image?.ExactVersion is { } version && write.IsNew && !write.IsLoading && string.CompareOrdinal(write.ApiVersion, "2019-12-01") >= 0)
            profile.Ensure("imageReference")["exactVersion"] = version;
    }

    private static void RequireLuns(ResourceWrite write, JsonArray data, VirtualMachineSize? size)
    {
        // Force-detached disks are gone when the answer is given.
        foreach (JsonNode? gone in data.Where(disk => disk.Flag("toBeDetached") == true).ToList())
            data.Remove(gone);
        if (data.GroupBy(disk => disk.Number("lun")).FirstOrDefault(group => group.Key is null || group.Count() > 1) is { } clash)
            throw ArmException.Parameter("dataDisk.lun", clash.Key is null ? "Required parameter 'lun' is missing (null)." : $"Cannot attach data disk to VM '{write.Resource.Id.Name}' because LUN {clash.Key} is used more than once.");
        if (size is null)
            return;
        if (data.Count > size.MaxDataDisks)
            throw new ArmException(409, "OperationNotAllowed", $"The maximum number of data disks allowed to be attached to a VM of this size is {size.MaxDataDisks}.");
        if (data.Select(disk => disk.Number("lun")).FirstOrDefault(lun => lun is < 0 or > MaxLun) is { } lun)
            throw ArmException.Parameter("dataDisk.lun", $"The value '{lun}' of parameter 'dataDisk.lun' is out of range. Value '{lun}' must be between '0' and '{MaxLun}' (inclusive).");
    }

    private static void SetOsType(ResourceWrite write, JsonObject os, VirtualMachineImage? image)
    {
        if (os.Text("osType") is not null)
            return;
        if (Option(os) == "ATTACH")
            throw ArmException.Parameter("osDisk.osType", "Required parameter 'osDisk.osType' is missing (null).");
        os["osType"] = image?.OsType ?? (write.Properties.Object("osProfile", "windowsConfiguration") is null ? "Linux" : "Windows");
    }

    private static string Option(JsonObject disk) => disk.Text("createOption")?.ToUpperInvariant() ?? "";

    private void Check(ResourceWrite write, JsonObject disk, bool isOs, VirtualMachineImage? image)
    {
        string option = Option(disk);
        if (option is not ("FROMIMAGE" or "ATTACH" or "EMPTY") || (isOs && option == "EMPTY"))
            throw ArmException.Parameter(isOs ? "osDisk.createOption" : "dataDisk.createOption", $"The value '{disk.Text("createOption")}' of parameter 'createOption' is invalid.");
        string? managed = disk.Text("managedDisk", "id");
        string? vhd = disk.Text("vhd", "uri");
        if (managed is not null)
            CheckManaged(write, managed, option);
        else if (vhd is not null && !BlobAddress.TryParse(vhd, out _))
            throw ArmException.Parameter("vhd.uri", $"Blob name in URL {vhd} is invalid.");
        else if (vhd is not null && option == "ATTACH" && disks.FindBlob(vhd) is null && !write.IsLoading)
            throw new ArmException(404, "BlobNotFound", $"Unable to find VHD blob with URI {vhd} for disk '{disk.Text("name")}'.");
        else if (vhd is null && option == "ATTACH")
            throw ArmException.Parameter("managedDisk.id", "Required parameter 'managedDisk.id' is missing (null).");
        if (managed is null && !write.IsLoading && disk.Text("managedDisk", "storageAccountType") is { } sku)
            ManagedDisks.RequireSku(sku);
        if (vhd is not null && BlobAddress.TryParse(vhd, out BlobAddress? address) && !stack.Accounts.ContainsKey(address.Account))
            throw new ArmException(404, "StorageAccountNotFound", $"The storage account '{address.Account}' of {vhd} was not found on this stack.");
        if (managed is null && disk.Number("diskSizeGB") is { } size)
        {
            disks.RequireSize(size);
            if (option == "FROMIMAGE" && image?.SizeOf(disk) is { } least && size < least)
                throw new ArmException(400, "ResizeDiskError", $"The specified disk size {size} GB is smaller than the size of the corresponding disk in the VM image: {least} GB. This is not allowed. Please choose equal or greater size or do not specify an explicit size.") { Target = isOs ? "osDisk.diskSizeGB" : "dataDisk.diskSizeGB" };
        }
    }

    private void CheckManaged(ResourceWrite write, string id, string option)
    {
        ArmResource? found = stack.Resources.Find(id, ManagedDisks.DiskType);
        if (found is null && !write.IsLoading)
            throw ArmException.MissingReference(id, write.Resource.Id.Text);
        bool isOwn = write.Previous?["properties"] is JsonObject before
            && Attachments(before).Any(old => ArmPath.Equal(old.Text("managedDisk", "id") ?? "", id));
        if (!isOwn && option != "ATTACH" && !write.IsLoading)
            throw ArmException.Parameter("managedDisk.id", $"Disk {id} already exists. Only a new disk name can be used with create option '{option}'.");
        if (stack.References.To(id, VirtualMachineRoom.MachineType).FirstOrDefault(machine => machine != write.Resource) is { } owner)
            throw new ArmException(409, "ConflictingUserInput", $"Disk '{id}' cannot be attached as the disk is already owned by VM '{owner.Id}'.");
        if (!isOwn && found is not null && disks.IsGranted(found))
            throw new ArmException(409, "OperationNotAllowed", $"Cannot attach disk {found.Id.Name} since it has an active shared access signature. Call EndGetAccess on the disk before attempting this operation.");
    }

    private void Make(ResourceWrite write, JsonObject disk, bool isOs, int number, VirtualMachineImage? image)
    {
        string machine = write.Resource.Id.Name;
        bool isOfImage = Option(disk) == "FROMIMAGE";
        long size = disk.Number("diskSizeGB") ?? (isOfImage ? image?.SizeOf(disk) : null) ?? stack.Options.ImageDiskSizeGiB;
        disk.Default("caching", isOs ? "ReadWrite" : "None");
        if (!isOs && !write.IsLoading && string.CompareOrdinal(write.ApiVersion, "2020-06-01") >= 0)
            disk.Default("toBeDetached", false);
        PageVolume? content = isOfImage ? image?.VolumeOf(disk) : null;
        if (disk.Text("vhd", "uri") is { } uri)
        {
            disk.Default("name", isOs ? "osdisk" : $"datadisk{disk.Number("lun")}");
            disk.Default("diskSizeGB", size);
            if (disks.FindBlob(uri) is null)
                MakeBlob(uri, size, content);
            return;
        }

        string id = disk.Text("managedDisk", "id") ?? $"{write.Resource.Id.Scope}/providers/{ManagedDisks.DiskType}/"
            + (disk.Text("name") ?? (isOs ? $"{machine}_OsDisk_1_{stack.Ids.NewGuid():N}" : $"{machine}_disk{number}_{stack.Ids.NewGuid():N}"));
        ArmResource resource = stack.Resources.Find(id, ManagedDisks.DiskType)
            ?? MakeDisk(write, disk, ArmId.Parse(id), size, isOfImage ? image?.Id ?? "" : null, content);
        disk["name"] = resource.Id.Name;
        JsonObject managed = disk.Ensure("managedDisk");
        managed["id"] = resource.Id.Text;
        managed["storageAccountType"] = resource.Body.Text("sku", "name");
        disk["diskSizeGB"] = resource.Properties.Number("diskSizeGB");
        if (isOs)
            resource.Properties["osType"] = disk.Text("osType");
    }

    private ArmResource MakeDisk(ResourceWrite write, JsonObject disk, ArmId id, long size, string? image, PageVolume? content)
    {
        JsonObject body = ArmJson.NewObject();
        body["location"] = stack.Location;
        body["sku"] = new JsonObject { ["name"] = disk.Text("managedDisk", "storageAccountType") ?? "Standard_LRS" };
        JsonObject creation = new() { ["createOption"] = image is null ? "Empty" : "FromImage" };
        if (image is { Length: > 0 })
            creation["imageReference"] = new JsonObject { ["id"] = image };
        body["properties"] = new JsonObject { ["creationData"] = creation, ["diskSizeGB"] = size, ["hyperVGeneration"] = "V1" };
        ArmResource resource = new(id, ArmJson.Copy(body), stack.Now);
        string uniqueId = stack.Ids.NewId();
        PageVolume volume = content?.Fork() ?? disks.CreateEmpty(size, uniqueId);
        disks.Grow(volume, size, uniqueId);
        disks.Complete(new ResourceWrite(resource, null, write.ApiVersion, write.IsLoading), new DiskState(volume), uniqueId);
        stack.Resources.Put(resource);
        return resource;
    }

    private void MakeBlob(string uri, long gibibytes, PageVolume? content)
    {
        _ = BlobAddress.TryParse(uri, out BlobAddress? address);
        long size = gibibytes << 30;
        PageVolume volume = stack.Blobs.CreatePageBlob(address!.Account, address.Container, address.Blob, size + VhdFooter.Length);
        if (content is not null)
            content.CopyTo(volume, Math.Min(content.Length - VhdFooter.Length, size));
        volume.Write(size, VhdFooter.Create(size, stack.Ids.NewGuid(), stack.Now));
    }
}
