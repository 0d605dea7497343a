using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Compute;

/// <summary>A size a VM may have, from <c>vm-sizes.json</c>.</summary>
internal sealed record VirtualMachineSize(string Name, int Cores, int MaxDataDisks)
{
    private static readonly JsonObject Document = ArmJson.ReadResource("vm-sizes.json");
    private static readonly Dictionary<string, VirtualMachineSize> Sizes = Document.Array("value")!
        .Select(size => new VirtualMachineSize(size.Text("name")!, (int)size.Number("numberOfCores")!.Value, (int)size.Number("maxDataDiskCount")!.Value))
        .ToDictionary(size => size.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The list of sizes, as ARM answers it.</summary>
    public static JsonNode List() => Document.DeepClone();

    public static VirtualMachineSize? Find(string? name) => name is null ? null : Sizes.GetValueOrDefault(name);

    /// <summary>The size of that name, or the refusal of one that is not offered.</summary>
    public static VirtualMachineSize Require(JsonObject machine)
    {
        string name = machine.Text("hardwareProfile", "vmSize")
            ?? throw ArmException.Parameter("vmSize", "Required parameter 'vmSize' is missing (null).");
        return Find(name) ?? throw ArmException.Parameter("vmSize",
            $"The value {name} provided for the VM size is not valid. The valid sizes in the current region are: {string.Join(',', Sizes.Keys)}.");
    }
}
