using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Arm.Operations;
using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Compute;

/// <summary>Managed disks.</summary>
internal sealed class DiskRoom(StackState stack, ManagedDisks disks) : ResourceRoom(stack)
{
    public override OperationDetail OperationDetail => OperationDetail.Output;

    public override AsyncStyle WriteStyle => AsyncStyle.Both;

    public override AsyncStyle DeleteStyle => AsyncStyle.Both;

    public override int CreatedStatus => 202;

    public override int UpdatedStatus => 202;

    public override string OperationsSegment => "DiskOperations";

    public override void Write(ResourceWrite write)
    {
        write.Body.Remove("managedBy");
        write.Properties.Default("hyperVGeneration", "V1");
        if (write.IsNew)
            Create(write);
        else
            Change(write);
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand)
    {
        ArmResource? owner = Owner(resource);
        if (owner is not null)
            body["managedBy"] = owner.Id.Text;
        body.Ensure("properties")["diskState"] = disks.IsGranted(resource) ? "ActiveSAS"
            : owner is null ? "Unattached"
            : VirtualMachinePower.IsFree(owner) ? "Reserved" : "Attached";
    }

    public override void BeforeDelete(ArmResource resource)
    {
        if (Owner(resource) is { } owner)
            throw new ArmException(409, "OperationNotAllowed", $"Disk {resource.Id.Name} is attached to VM {owner.Id}.");
        disks.RequireNoGrant(resource);
    }

    public override void AfterDelete(ArmResource resource) => disks.Release(resource);

    public override ActionOutcome? Act(ArmResource resource, string action, ArmRequest request)
    {
        if (ArmPath.Equal(action, "endGetAccess"))
            return disks.EndGetAccess(resource);
        if (!ArmPath.Equal(action, "beginGetAccess"))
            return null;
        if (Owner(resource) is { } owner && !VirtualMachinePower.IsFree(owner))
            throw new ArmException(409, "OperationNotAllowed", $"Disk {resource.Id.Name} is attached to VM {owner.Id}. The disk must be unattached, or the VM deallocated, before access to it can be granted.");
        return disks.BeginGetAccess(resource, request);
    }

    private ArmResource? Owner(ArmResource disk) => Stack.References.To(disk.Id.Text, VirtualMachineRoom.MachineType).FirstOrDefault();

    private void Create(ResourceWrite write)
    {
        JsonObject properties = write.Properties;
        JsonObject creation = properties.Object("creationData")
            ?? throw ArmException.Parameter("creationData", "Required parameter 'creationData' is missing (null).");
        string option = creation.Text("createOption")
            ?? throw ArmException.Parameter("creationData.createOption", "Required parameter 'creationData.createOption' is missing (null).");
        long? size = properties.Number("diskSizeGB");
        if (size is { } asked)
            disks.RequireSize(asked);
        string uniqueId = Stack.Ids.NewId();
        // An estate says how a disk once came about; its source is often gone.
        if (write.IsLoading)
            option = "Empty";
        PageVolume volume = option.ToUpperInvariant() switch
        {
            "EMPTY" => disks.CreateEmpty(size ?? (write.IsLoading ? Stack.Options.ImageDiskSizeGiB : throw ArmException.Parameter("diskSizeGB", "Required parameter 'diskSizeGB' is missing (null).")), uniqueId),
            "FROMIMAGE" => disks.CreateEmpty(size ?? Stack.Options.ImageDiskSizeGiB, uniqueId),
            "COPY" => disks.RequireSource(creation, write.Resource.Id.Text).Volume.Fork(),
            "IMPORT" => disks.RequireBlob(creation, string.CompareOrdinal(write.ApiVersion, "2019-07-01") >= 0).Fork(),
            "UPLOAD" => throw new ArmException(400, "OperationNotAllowed", "Disk create option 'Upload' is not supported."),
            _ => throw ArmException.Parameter("creationData.createOption", $"The value '{option}' of parameter 'creationData.createOption' is invalid. The allowed values are 'Empty, FromImage, Copy, Import'."),
        };
        if (size < ManagedDisks.SizeInGiB(volume))
        {
            volume.Dispose();
            throw ArmException.Parameter("diskSizeGB", $"The disk size {size} GB is smaller than its source.");
        }

        disks.Grow(volume, size ?? 0, uniqueId);
        Finish(write, new DiskState(volume), uniqueId);
    }

    private void Change(ResourceWrite write)
    {
        DiskState state = (DiskState)write.Resource.State!;
        string uniqueId = write.Previous.Text("properties", "uniqueId")!;
        long current = ManagedDisks.SizeInGiB(state.Volume);
        if (write.Properties.Number("diskSizeGB") is { } size && size != current)
        {
            disks.RequireSize(size);
            if (size < current)
                throw new ArmException(400, "InvalidParameter", $"Reducing disk size is not supported for disk '{write.Resource.Id.Name}'. Current size is {current} GB, requested size is {size} GB.");
            if (Owner(write.Resource) is { } owner && !VirtualMachinePower.IsFree(owner))
                throw new ArmException(409, "OperationNotAllowed", $"Cannot resize disk {write.Resource.Id.Name} while it is attached to running VM {owner.Id}. Resizing a disk of an Azure Virtual Machine requires the virtual machine to be deallocated.");
            disks.Grow(state.Volume, size, uniqueId);
        }

        string sku = write.Body.Text("sku", "name") ?? "";
        if (sku.Length > 0 && !ArmPath.Equal(sku, write.Previous.Text("sku", "name") ?? "") && Owner(write.Resource) is { } holder && !VirtualMachinePower.IsFree(holder))
            throw new ArmException(409, "OperationNotAllowed", $"Cannot change the account type of disk {write.Resource.Id.Name} while it is attached to running VM {holder.Id}. The disk must be unattached, or the VM deallocated.");
        write.Properties["creationData"] = write.Previous!["properties"]!["creationData"]!.DeepClone();
        Finish(write, state, uniqueId);
    }

    private void Finish(ResourceWrite write, DiskState state, string uniqueId)
    {
        try
        {
            disks.Complete(write, state, uniqueId);
        }
        catch (ArmException) when (write.IsNew)
        {
            state.Volume.Dispose();
            throw;
        }
    }
}
