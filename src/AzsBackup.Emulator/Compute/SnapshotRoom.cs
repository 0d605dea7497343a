using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Arm.Operations;
using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Compute;

/// <summary>Snapshots: full ones only, of disks, other snapshots or blobs.</summary>
internal sealed class SnapshotRoom(StackState stack, ManagedDisks disks) : ResourceRoom(stack)
{
    public override OperationDetail OperationDetail => OperationDetail.Output;

    public override AsyncStyle WriteStyle => AsyncStyle.Both;

    public override AsyncStyle DeleteStyle => AsyncStyle.Both;

    public override int CreatedStatus => 202;

    public override int UpdatedStatus => 202;

    public override string OperationsSegment => "DiskOperations";

    public override void Write(ResourceWrite write)
    {
        JsonObject properties = write.Properties;
        if (properties.Flag("incremental") == true)
            throw new ArmException(400, "OperationNotAllowed", "Incremental snapshots are not supported. Set the property 'incremental' to false or leave it out.");
        properties["incremental"] = false;
        properties.Default("hyperVGeneration", "V1");
        if (!write.IsNew)
        {
            properties["creationData"] = write.Previous!["properties"]!["creationData"]!.DeepClone();
            disks.Complete(write, (DiskState)write.Resource.State!, write.Previous.Text("properties", "uniqueId")!);
            return;
        }

        JsonObject creation = properties.Object("creationData")
            ?? throw ArmException.Parameter("creationData", "Required parameter 'creationData' is missing (null).");
        string option = creation.Text("createOption") ?? "";
        string uniqueId = Stack.Ids.NewId();
        PageVolume volume = (write.IsLoading ? "EMPTY" : option.ToUpperInvariant()) switch
        {
            "EMPTY" => Empty(properties, uniqueId, write.IsLoading),
            "COPY" => Copy(creation, write),
            "IMPORT" => disks.RequireBlob(creation, string.CompareOrdinal(write.ApiVersion, "2019-07-01") >= 0).Snapshot(),
            _ => throw ArmException.Parameter("creationData.createOption", $"The value '{option}' of parameter 'creationData.createOption' is invalid. The allowed values are 'Copy, Empty, Import'."),
        };
        try
        {
            disks.Complete(write, new DiskState(volume), uniqueId);
        }
        catch (ArmException)
        {
            volume.Dispose();
            throw;
        }
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand) =>
        body.Ensure("properties")["diskState"] = disks.IsGranted(resource) ? "ActiveSAS" : "Unattached";

    public override void BeforeDelete(ArmResource resource) => disks.RequireNoGrant(resource);

    public override void AfterDelete(ArmResource resource) => disks.Release(resource);

    public override ActionOutcome? Act(ArmResource resource, string action, ArmRequest request) => action.ToUpperInvariant() switch
    {
        "BEGINGETACCESS" => disks.BeginGetAccess(resource, request),
        "ENDGETACCESS" => disks.EndGetAccess(resource),
        _ => null,
    };

    private PageVolume Empty(JsonObject properties, string uniqueId, bool isLoading)
    {
        long size = properties.Number("diskSizeGB")
            ?? (isLoading ? Stack.Options.ImageDiskSizeGiB : throw ArmException.Parameter("diskSizeGB", "Required parameter 'diskSizeGB' is missing (null)."));
        disks.RequireSize(size);
        return disks.CreateEmpty(size, uniqueId);
    }

    private PageVolume Copy(JsonObject creation, ResourceWrite write)
    {
        DiskState source = disks.RequireSource(creation, write.Resource.Id.Text);
        string id = creation.Text("sourceResourceId")!;
        if (!Stack.Options.AllowLiveSnapshots
            && Stack.References.To(id, VirtualMachineRoom.MachineType).FirstOrDefault() is { } owner
            && VirtualMachinePower.IsOn(owner))
        {
            throw new ArmException(409, "OperationNotAllowed", $"Disk {id} is attached to running VM {owner.Id}. Snapshots of disks of running virtual machines are not supported.");
        }

        if (Stack.Resources.Find(id, ManagedDisks.DiskType) is { } disk && disk.Properties.Text("osType") is { } os)
            write.Properties.Default("osType", os);
        creation["sourceUniqueId"] = Stack.Resources.Find(id)!.Properties.Text("uniqueId");
        return source.Volume.Snapshot();
    }
}
