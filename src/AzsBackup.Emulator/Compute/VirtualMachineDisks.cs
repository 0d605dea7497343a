using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Compute;

/// <summary>The disks of a VM: made from an image, attached, or made empty; managed or as page blobs.</summary>
internal sealed class VirtualMachineDisks(StackState stack, ManagedDisks disks)
{
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
    public void Write(ResourceWrite write)
    {
        JsonObject profile = write.Properties.Object("storageProfile")
            ?? throw ArmException.Parameter("storageProfile", "Required parameter 'storageProfile' is missing (null).");
        JsonObject os = profile.Object("osDisk")
            ?? throw ArmException.Parameter("osDisk", "Required parameter 'osDisk' is missing (null).");
        JsonArray data = profile.EnsureArray("dataDisks");
        if (data.GroupBy(disk => disk.Number("lun")).FirstOrDefault(group => group.Key is null || group.Count() > 1) is { } clash)
            throw ArmException.Parameter("dataDisk.lun", clash.Key is null ? "Required parameter 'lun' is missing (null)." : $"Cannot attach data disk to VM '{write.Resource.Id.Name}' because LUN {clash.Key} is used more than once.");

        List<JsonObject> all = [.. Attachments(write.Properties)];
        foreach (JsonObject disk in all)
            Check(write, disk, isOs: disk == os);
        SetOsType(write, profile, os);
        int number = 0;
        foreach (JsonObject disk in all)
            Make(write, disk, isOs: disk == os, ++number);
    }

    private static void SetOsType(ResourceWrite write, JsonObject profile, JsonObject os)
    {
        if (os.Text("osType") is not null)
            return;
        if (Option(os) == "ATTACH")
            throw ArmException.Parameter("osDisk.osType", "Required parameter 'osDisk.osType' is missing (null).");
        bool isWindows = write.Properties.Object("osProfile", "windowsConfiguration") is not null
            || profile.Text("imageReference", "publisher")?.StartsWith("Microsoft", StringComparison.OrdinalIgnoreCase) == true;
        os["osType"] = isWindows ? "Windows" : "Linux";
    }

    private static string Option(JsonObject disk) => disk.Text("createOption")?.ToUpperInvariant() ?? "";

    private void Check(ResourceWrite write, JsonObject disk, bool isOs)
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
            disks.RequireSize(size);
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
            throw new ArmException(409, "AttachDiskWhileBeingDetached", $"Cannot attach disk '{id}' to VM '{write.Resource.Id.Name}' because the disk is attached to VM '{owner.Id}'.");
        if (!isOwn && found is not null && disks.IsGranted(found))
            throw new ArmException(409, "OperationNotAllowed", $"Cannot attach disk {found.Id.Name} since it has an active shared access signature. Call EndGetAccess on the disk before attempting this operation.");
    }

    private void Make(ResourceWrite write, JsonObject disk, bool isOs, int number)
    {
        string machine = write.Resource.Id.Name;
        long size = disk.Number("diskSizeGB") ?? stack.Options.ImageDiskSizeGiB;
        disk.Default("caching", isOs ? "ReadWrite" : "None");
        if (disk.Text("vhd", "uri") is { } uri)
        {
            disk.Default("name", isOs ? "osdisk" : $"datadisk{disk.Number("lun")}");
            if (disks.FindBlob(uri) is null)
                MakeBlob(uri, size);
            return;
        }

        string id = disk.Text("managedDisk", "id") ?? $"{write.Resource.Id.Scope}/providers/{ManagedDisks.DiskType}/"
            + (disk.Text("name") ?? (isOs ? $"{machine}_OsDisk_1_{stack.Ids.NewGuid():N}" : $"{machine}_disk{number}_{stack.Ids.NewGuid():N}"));
        ArmResource resource = stack.Resources.Find(id, ManagedDisks.DiskType) ?? MakeDisk(write, disk, ArmId.Parse(id), size, isOs);
        disk["name"] = resource.Id.Name;
        JsonObject managed = disk.Ensure("managedDisk");
        managed["id"] = resource.Id.Text;
        managed["storageAccountType"] = resource.Body.Text("sku", "name");
        disk["diskSizeGB"] = resource.Properties.Number("diskSizeGB");
        if (isOs)
            resource.Properties["osType"] = disk.Text("osType");
    }

    private ArmResource MakeDisk(ResourceWrite write, JsonObject disk, ArmId id, long size, bool isOs)
    {
        JsonObject body = ArmJson.NewObject();
        body["location"] = stack.Location;
        body["sku"] = new JsonObject { ["name"] = disk.Text("managedDisk", "storageAccountType") ?? "Standard_LRS" };
        JsonObject creation = new() { ["createOption"] = isOs ? "FromImage" : "Empty" };
        if (isOs && write.Properties.Object("storageProfile", "imageReference") is { } image)
            creation["imageReference"] = new JsonObject { ["id"] = ImageId(image) };
        body["properties"] = new JsonObject { ["creationData"] = creation, ["diskSizeGB"] = size, ["hyperVGeneration"] = "V1" };
        ArmResource resource = new(id, ArmJson.Copy(body), stack.Now);
        string uniqueId = stack.Ids.NewId();
        disks.Complete(new ResourceWrite(resource, null, write.ApiVersion, write.IsLoading), new DiskState(disks.CreateEmpty(size, uniqueId)), uniqueId);
        stack.Resources.Put(resource);
        return resource;
    }

    private string ImageId(JsonObject image) => image.Text("id")
        ?? $"{stack.SubscriptionScope}/Providers/Microsoft.Compute/Locations/{stack.Location}/Publishers/{image.Text("publisher")}/ArtifactTypes/VMImage/Offers/{image.Text("offer")}/Skus/{image.Text("sku")}/Versions/{image.Text("version")}";

    private void MakeBlob(string uri, long gibibytes)
    {
        _ = BlobAddress.TryParse(uri, out BlobAddress? address);
        long size = gibibytes << 30;
        Pages.PageVolume volume = stack.Blobs.CreatePageBlob(address!.Account, address.Container, address.Blob, size + VhdFooter.Length);
        volume.Write(size, VhdFooter.Create(size, stack.Ids.NewGuid(), stack.Now));
    }
}
