using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Arm.Operations;
using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Compute;

/// <summary>
/// The capture of a generalized VM with unmanaged disks: copies of its blobs in the container <c>system</c> of their account, and a
/// template that makes another VM of them. In the form of an Azure CLI recording (test_vm_generalize).
/// </summary>
internal sealed class VirtualMachineCapture(StackState stack, ManagedDisks disks)
{
    private const string Container = "system";

    /// <exception cref="ArmException">The VM is not generalized, or has managed disks.</exception>
    public ActionOutcome Capture(ArmResource machine, ArmRequest request)
    {
        JsonObject asked = request.RequireBody();
        string prefix = Required(asked, "vhdPrefix"), folder = Required(asked, "destinationContainerName");
        if (machine.State is not VirtualMachineState { IsGeneralized: true })
            throw new ArmException(409, "OperationNotAllowed", $"Operation 'capture' is not allowed on VM '{machine.Id.Name}' since the VM is not generalized.");
        List<JsonObject> attached = [.. VirtualMachineDisks.Attachments(machine.Properties)];
        if (attached.Exists(disk => disk["vhd"] is null))
            throw new ArmException(409, "OperationNotAllowed", $"Operation 'capture' is not supported for VM '{machine.Id.Name}' since it has managed disks. Create an image of the VM instead.");
        string apiVersion = request.ApiVersion;
        return new ActionOutcome(AsyncStyle.Both, () =>
        {
            JsonObject profile = new();
            JsonArray data = [];
            for (int i = 0; i < attached.Count; i++)
            {
                JsonObject copy = Copy(attached[i], i == 0 ? $"{prefix}-osDisk" : $"{prefix}-dataDisk-{attached[i].Number("lun")}", folder);
                if (i == 0)
                    profile["osDisk"] = copy;
                else
                    data.Add((JsonNode)copy);
            }

            if (data.Count > 0)
                profile["dataDisks"] = data;
            return Template(machine, profile, apiVersion);
        });
    }

    private static string Required(JsonObject asked, string name) =>
        asked.Text(name) ?? throw ArmException.Parameter(name, $"Required parameter '{name}' is missing (null).");

    private JsonObject Copy(JsonObject attached, string name, string folder)
    {
        string source = attached.Text("vhd", "uri")!;
        _ = BlobAddress.TryParse(source, out BlobAddress? address);
        PageVolume volume = disks.FindBlob(source) ?? throw new ArmException(404, "BlobNotFound", $"Unable to find VHD blob with URI {source}.");
        string blob = $"{name}.{stack.Ids.NewId()}.vhd", path = $"Microsoft.Compute/Images/{folder}/{blob}", id = stack.Ids.NewId();
        PageVolume image = stack.Blobs.CreatePageBlob(address!.Account, Container, path, volume.Length);
        volume.CopyTo(image, volume.Length);
        string root = source[..source.IndexOf($"/{address.Container}/", StringComparison.Ordinal)];
        JsonObject disk = new() { ["name"] = blob, ["createOption"] = "FromImage" };
        foreach (string kept in (string[])["osType", "lun", "caching"])
            if (attached[kept] is { } value)
                disk[kept] = value.DeepClone();
        disk["image"] = new JsonObject { ["uri"] = $"{root}/{Container}/{path}" };
        disk["vhd"] = new JsonObject { ["uri"] = $"{root}/vmcontainer{id}/{(attached["lun"] is null ? "osDisk" : "dataDisk")}.{id}.vhd" };
        return disk;
    }

    private JsonObject Template(ArmResource machine, JsonObject profile, string apiVersion) => new()
    {
        ["$schema"] = "http://schema.management.azure.com/schemas/2014-04-01-preview/VM_IP.json",
        ["contentVersion"] = "1.0.0.0",
        ["parameters"] = new JsonObject
        {
            ["vmName"] = new JsonObject { ["type"] = "string" },
            ["vmSize"] = new JsonObject { ["type"] = "string", ["defaultValue"] = machine.Properties.Text("hardwareProfile", "vmSize") },
            ["adminUserName"] = new JsonObject { ["type"] = "string" },
            ["adminPassword"] = new JsonObject { ["type"] = "securestring" },
            ["networkInterfaceId"] = new JsonObject { ["type"] = "string" },
        },
        ["resources"] = new JsonArray(new JsonObject
        {
            ["name"] = "[parameters('vmName')]",
            ["type"] = VirtualMachineRoom.MachineType,
            ["location"] = stack.Location,
            ["apiVersion"] = apiVersion,
            ["properties"] = new JsonObject
            {
                ["hardwareProfile"] = new JsonObject { ["vmSize"] = "[parameters('vmSize')]" },
                ["storageProfile"] = profile,
                ["osProfile"] = new JsonObject
                {
                    ["computerName"] = "[parameters('vmName')]",
                    ["adminUsername"] = "[parameters('adminUsername')]",
                    ["adminPassword"] = "[parameters('adminPassword')]",
                },
                ["networkProfile"] = new JsonObject { ["networkInterfaces"] = new JsonArray(new JsonObject { ["id"] = "[parameters('networkInterfaceId')]" }) },
            },
        }),
    };
}
