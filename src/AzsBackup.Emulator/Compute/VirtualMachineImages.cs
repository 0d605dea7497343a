using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Compute;

/// <summary>Finds the image a VM asks for: of the marketplace, a custom one, or a generalized page blob.</summary>
internal sealed class VirtualMachineImages(StackState stack, ManagedDisks disks)
{
    /// <param name="write">The VM.</param>
    /// <param name="os">Its OS disk, which is made from an image.</param>
    /// <returns>The image, or <see langword="null"/> for a VM that exists already or comes from an estate.</returns>
    public VirtualMachineImage? Of(ResourceWrite write, JsonObject os)
    {
        if (!write.IsNew || write.IsLoading)
            return OfEstate(write);
        if (os.Text("image", "uri") is { } uri)
            return OfBlob(uri, os);
        JsonObject reference = write.Properties.Object("storageProfile", "imageReference")
            ?? throw ArmException.Parameter("imageReference", "Required parameter 'imageReference' is missing (null).");
        return reference.Text("id") is { } id ? OfResource(id, write) : OfMarketplace(reference);
    }

    /// <summary>An estate's VM has disks of any size and no bytes; what it was made from is only shown.</summary>
    private VirtualMachineImage? OfEstate(ResourceWrite write) =>
        write.IsLoading && write.Properties.Object("storageProfile", "imageReference") is { } reference
            ? new VirtualMachineImage(reference.Text("id") ?? MarketplaceId(reference, reference.Text("version")), PlatformType(reference), null, [], null)
            : null;

    private static string? PlatformType(JsonObject reference) =>
        reference.Text("publisher")?.StartsWith("Microsoft", StringComparison.OrdinalIgnoreCase) == true ? "Windows" : null;

    private VirtualMachineImage OfBlob(string uri, JsonObject os) => new("", os.Text("osType"), null,
        [new ImageDisk(null, disks.FindBlob(uri) ?? throw new ArmException(404, "BlobNotFound", $"Unable to find VHD blob with URI {uri} for disk '{os.Text("name")}'."))], null);

    private VirtualMachineImage OfResource(string id, ResourceWrite write)
    {
        ArmResource image = stack.Resources.Find(id, ImageRoom.ImageType) ?? throw ArmException.MissingReference(id, write.Resource.Id.Text);
        return new VirtualMachineImage(image.Id.Text, image.Properties.Text("storageProfile", "osDisk", "osType"), null, ((ImageState)image.State!).Disks, null);
    }

    private VirtualMachineImage OfMarketplace(JsonObject reference)
    {
        foreach (string part in (string[])["publisher", "offer", "sku", "version"])
            if (reference.Text(part) is not { Length: > 0 })
                throw ArmException.Parameter("imageReference." + part, $"Required parameter 'imageReference.{part}' is missing (null).");
        string version = reference.Text("version")!;
        PlatformImage? found = PlatformImage.Find(reference.Text("publisher"), reference.Text("offer"), reference.Text("sku"), version);
        if (found is null && !stack.Options.AllowUnlistedImages)
        {
            throw new ArmException(404, "PlatformImageNotFound",
                $"The platform image '{reference.Text("publisher")}:{reference.Text("offer")}:{reference.Text("sku")}:{version}' is not available. Verify that all fields in the storage profile are correct.")
            { Target = "imageReference" };
        }

        return new VirtualMachineImage(MarketplaceId(reference, found?.Version ?? version), found?.OsType ?? PlatformType(reference), found?.Version, [], found?.SizeGiB);
    }

    private string MarketplaceId(JsonObject image, string? version) =>
        $"{stack.SubscriptionScope}/Providers/Microsoft.Compute/Locations/{stack.Location}/Publishers/{image.Text("publisher")}/ArtifactTypes/VMImage/Offers/{image.Text("offer")}/Skus/{image.Text("sku")}/Versions/{version}";
}
