using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Arm.Operations;
using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Compute;

/// <summary>Where volumes of disks and snapshots come from, and how they are exported.</summary>
internal sealed class ManagedDisks(StackState stack)
{
    public const string DiskType = "Microsoft.Compute/disks";
    public const string SnapshotType = "Microsoft.Compute/snapshots";
    private const long GiB = 1L << 30;

    /// <summary>An empty fixed VHD.</summary>
    public PageVolume CreateEmpty(long gibibytes, string uniqueId)
    {
        PageVolume volume = stack.Pages.Create((gibibytes * GiB) + VhdFooter.Length);
        WriteFooter(volume, uniqueId);
        return volume;
    }

    /// <summary>Grows a volume and moves its footer to the new end.</summary>
    public void Grow(PageVolume volume, long gibibytes, string uniqueId)
    {
        if (gibibytes * GiB > volume.Length - VhdFooter.Length)
            SetSize(volume, gibibytes * GiB, uniqueId);
    }

    /// <summary>Gives a volume another size in bytes, with the footer at its end.</summary>
    public void SetSize(PageVolume volume, long size, string uniqueId)
    {
        volume.Clear(volume.Length - VhdFooter.Length, VhdFooter.Length);
        volume.Resize(size + VhdFooter.Length);
        WriteFooter(volume, uniqueId);
    }

    /// <summary>Gives a disk that an estate fills the size of its image.</summary>
    public void Fit(ArmResource disk, long size)
    {
        DiskState state = (DiskState)disk.State!;
        if (state.Size == size)
            return;
        SetSize(state.Volume, size, disk.Properties.Text("uniqueId")!);
        disk.Properties["diskSizeGB"] = SizeInGiB(state.Volume);
        disk.Properties["diskSizeBytes"] = size;
        stack.Resources.Touch();
    }

    /// <summary>The disk or snapshot a Copy is made from.</summary>
    public DiskState RequireSource(JsonObject creationData, string from)
    {
        string id = creationData.Text("sourceResourceId")
            ?? throw ArmException.Parameter("creationData.sourceResourceId", "Required parameter 'creationData.sourceResourceId' is missing (null).");
        ArmResource source = stack.Resources.Find(id, DiskType) ?? stack.Resources.Find(id, SnapshotType)
            ?? throw new ArmException(404, "ResourceNotFound", $"The resource '{id}' referenced by '{from}' was not found.");
        return (DiskState)source.State!;
    }

    /// <summary>The page blob an Import is made from: on this stack, and a fixed VHD.</summary>
    public PageVolume RequireBlob(JsonObject creationData, bool needsAccountId)
    {
        string text = creationData.Text("sourceUri")
            ?? throw ArmException.Parameter("creationData.sourceUri", "Required parameter 'creationData.sourceUri' is missing (null).");
        if (needsAccountId && creationData.Text("storageAccountId") is null)
            throw ArmException.Parameter("creationData.storageAccountId", "Required parameter 'creationData.storageAccountId' is missing (null).");
        if (creationData.Text("storageAccountId") is { } accountId && stack.Resources.Find(accountId, "Microsoft.Storage/storageAccounts") is null)
            throw ArmException.MissingReference(accountId, text.Split('?')[0]);
        PageVolume volume = FindBlob(text)
            ?? throw new ArmException(404, "BlobNotFound", $"The page blob {text.Split('?')[0]} does not exist on this stack.");
        Span<byte> footer = stackalloc byte[VhdFooter.Length];
        string? fault = "it is shorter than a VHD footer";
        if (volume.Length > VhdFooter.Length)
        {
            volume.Read(volume.Length - VhdFooter.Length, footer);
            fault = VhdFooter.Fault(footer, volume.Length);
        }

        return fault is null ? volume : throw new ArmException(400, "InvalidParameter", $"The blob {text.Split('?')[0]} is not a supported disk image: {fault}.");
    }

    /// <summary>A page blob, or a snapshot of one, of one of the stack's accounts, by its address in path or host style.</summary>
    public PageVolume? FindBlob(string uri) => BlobAddress.TryParse(uri, out BlobAddress? address)
        ? stack.Blobs.FindPageBlob(address.Account, address.Container, address.Blob, address.Snapshot) : null;

    public void RequireSize(long gibibytes)
    {
        if (gibibytes < 1 || gibibytes > stack.Options.MaxDiskSizeGiB)
            throw ArmException.Parameter("diskSizeGB", $"The specified disk size {gibibytes} GB is not valid. Disk size must be between 1 and {stack.Options.MaxDiskSizeGiB} GB.");
    }

    public static void RequireSku(string sku)
    {
        if (!IsSku(sku))
            throw ArmException.Parameter("sku.name", $"The value '{sku}' of parameter 'sku.name' is invalid. The allowed values are 'Standard_LRS, Premium_LRS'.");
    }

    public static long SizeInGiB(PageVolume volume) => Math.Max(1, (volume.Length - VhdFooter.Length + GiB - 1) / GiB);

    /// <summary>Sets the properties every disk and snapshot shows once it has a volume.</summary>
    public void Complete(ResourceWrite write, DiskState state, string uniqueId)
    {
        string sku = write.Body.Text("sku", "name") ?? write.Previous?.Text("sku", "name") ?? "Standard_LRS";
        // An estate may come from a cloud with more kinds of disks.
        if (write.IsLoading && !IsSku(sku))
            sku = sku.StartsWith("Premium", StringComparison.OrdinalIgnoreCase) ? "Premium_LRS" : "Standard_LRS";
        RequireSku(sku);
        write.Body["sku"] = new JsonObject { ["name"] = sku, ["tier"] = sku.Split('_')[0] };
        JsonObject properties = write.Properties;
        properties["diskSizeGB"] = SizeInGiB(state.Volume);
        properties["diskSizeBytes"] = state.Size;
        properties["uniqueId"] = uniqueId;
        properties.Default("encryption", new JsonObject { ["type"] = "EncryptionAtRestWithPlatformKey" });
        write.Keep("timeCreated", () => ArmJson.Stamp(stack.Now));
        properties.Remove("diskState");
        write.Resource.State = state;
    }

    public bool IsGranted(ArmResource resource) => resource.State is DiskState { GrantUri: not null } state && state.GrantEndsAt > stack.Now && !stack.Blobs.HasExpired(state.GrantUri);

    public ActionOutcome BeginGetAccess(ArmResource resource, ArmRequest request)
    {
        JsonObject body = request.RequireBody();
        string access = body.Text("access") ?? throw ArmException.Parameter("access", "Required parameter 'access' is missing (null).");
        if (!ArmPath.Equal(access, "Read"))
            throw new ArmException(400, "OperationNotAllowed", $"Access level '{access}' is not allowed: only disks created with option 'Upload' can be written to.");
        long seconds = body.Number("durationInSeconds") is { } number and > 0 ? number
            : throw ArmException.Parameter("durationInSeconds", "The value of parameter 'durationInSeconds' must be greater than 0.");
        bool isWrapped = !request.IsAtLeast("2018-01-01");
        return new ActionOutcome(AsyncStyle.Both, () =>
        {
            DiskState state = (DiskState)resource.State!;
            if (!IsGranted(resource))
            {
                EndGrant(state);
                TimeSpan duration = TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue));
                state.GrantUri = Told(stack.Blobs.Grant(state.Volume, stack.BlobEndpoint, duration, "r"));
                state.GrantEndsAt = stack.Now + duration;
            }

            JsonObject result = new() { ["accessSAS"] = state.GrantUri!.AbsoluteUri };
            return isWrapped ? new JsonObject { ["properties"] = new JsonObject { ["output"] = result } } : result;
        });
    }

    public ActionOutcome EndGetAccess(ArmResource resource) => new(AsyncStyle.Both, () =>
    {
        EndGrant((DiskState)resource.State!);
        return null;
    });

    public void RequireNoGrant(ArmResource resource)
    {
        if (IsGranted(resource))
        {
            throw new ArmException(409, "OperationNotAllowed",
                $"Cannot perform delete operation on resource {resource.Id} since there is an active shared access signature outstanding for the resource. Call EndGetAccess on the disk before attempting this operation.");
        }
    }

    /// <summary>Takes back the grant and frees the bytes.</summary>
    public void Release(ArmResource resource)
    {
        if (resource.State is not DiskState state)
            return;
        EndGrant(state);
        state.Volume.Dispose();
    }

    private static bool IsSku(string sku) => sku is "Standard_LRS" or "Premium_LRS";

    private void EndGrant(DiskState state)
    {
        if (state.GrantUri is not null)
            stack.Blobs.Revoke(state.GrantUri);
        state.GrantUri = null;
    }

    private void WriteFooter(PageVolume volume, string uniqueId)
    {
        long size = volume.Length - VhdFooter.Length;
        volume.Write(size, VhdFooter.Create(size, Guid.Parse(uniqueId), stack.Now));
    }

    /// <summary>A grant's address, which is made in path style, as clients are told it.</summary>
    private Uri Told(Uri grant)
    {
        string[] parts = grant.PathAndQuery.TrimStart('/').Split('/', 2);
        return stack.BlobUri(parts[0], "/" + parts[1]);
    }
}
