using System.Text.Json;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Rebuild;

/// <summary>A VM's configuration as it was captured, with what it referred to; whatever is absent was not captured.</summary>
public sealed class CapturedVm
{
    private readonly Dictionary<ResourceId, ResourceBody> _resources;

    private CapturedVm(ResourceBody vm, Dictionary<ResourceId, ResourceBody> resources, string stack)
    {
        Vm = vm;
        Stack = stack;
        _resources = resources;
    }

    /// <summary>The VM.</summary>
    public ResourceBody Vm { get; }

    /// <summary>The host name of the stack it ran on.</summary>
    public string Stack { get; }

    /// <summary>Its extensions, by name.</summary>
    public IEnumerable<ResourceBody> Extensions => _resources.Values
        .Where(body => body.Id.Parent?.Equals(Vm.Id) == true)
        .OrderBy(body => body.Id.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The network interfaces it names, in its order, the primary one first.</summary>
    public IReadOnlyList<ResourceId> NetworkInterfaces { get; private init; } = [];

    /// <summary>Whether the guest runs <c>Linux</c> or <c>Windows</c>.</summary>
    public string OsType => Vm.FindText("properties", "storageProfile", "osDisk", "osType") ?? "Linux";

    /// <summary>A captured resource; null if it was not captured.</summary>
    public ResourceBody? Find(ResourceId? id) => id is null ? null : _resources.GetValueOrDefault(id);

    /// <summary>Reads the documents of a recovery point or of a replica.</summary>
    /// <param name="documents">Resource Manager bodies, each with its <c>id</c>.</param>
    /// <param name="vmId">The VM.</param>
    /// <param name="stack">The host name of the stack it ran on.</param>
    /// <exception cref="AzsException"><c>CapturedVmMissing</c>: the VM is not among the documents; <c>CaptureDamaged</c>: one of them is no body.</exception>
    public static CapturedVm Read(IEnumerable<ReadOnlyMemory<byte>> documents, ResourceId vmId, string stack)
    {
        var resources = documents.Select(document => ReadBody(document, vmId)).ToDictionary(body => body.Id);
        if (!resources.TryGetValue(vmId, out var vm))
        {
            throw new AzsException(
                AzsErrorKind.NotFound,
                "CapturedVmMissing",
                $"The configuration of VM '{vmId.Name}' was not captured, so it can't be rebuilt.",
                "Restore its disks with -DisksOnly and make the virtual machine yourself.",
                vmId.ToString());
        }

        return new CapturedVm(vm, resources, stack) { NetworkInterfaces = ReadInterfaces(vm) };
    }

    /// <summary>A VM as it is now, with what else is known of it.</summary>
    /// <param name="vm">The VM's body.</param>
    /// <param name="others">The bodies of its extensions, and of what it refers to.</param>
    /// <param name="stack">The host name of its stack.</param>
    public static CapturedVm Of(ResourceBody vm, IEnumerable<ResourceBody> others, string stack)
    {
        var resources = new Dictionary<ResourceId, ResourceBody> { [vm.Id] = vm };
        foreach (var other in others) resources[other.Id] = other;
        return new CapturedVm(vm, resources, stack) { NetworkInterfaces = ReadInterfaces(vm) };
    }

    /// <summary>What the VM's storage profile says of the disk at a LUN (null for the OS disk); null if there is none.</summary>
    public JsonElement? FindDisk(int? lun)
    {
        if (lun is null) return Vm.Find("properties", "storageProfile", "osDisk");
        if (Vm.Find("properties", "storageProfile", "dataDisks") is not { ValueKind: JsonValueKind.Array } data) return null;
        foreach (var disk in data.EnumerateArray())
        {
            if (disk.TryGetProperty("lun", out var number) && number.GetInt32() == lun) return disk;
        }

        return null;
    }

    private static List<ResourceId> ReadInterfaces(ResourceBody vm)
    {
        if (vm.Find("properties", "networkProfile", "networkInterfaces") is not { ValueKind: JsonValueKind.Array } named) return [];
        return named.EnumerateArray()
            .Select(nic => (Id: BodyJson.IdIn(nic), IsPrimary: BodyJson.Value(nic, "properties", "primary") is { ValueKind: JsonValueKind.True }))
            .Where(nic => nic.Id is not null)
            .OrderByDescending(nic => nic.IsPrimary)
            .Select(nic => nic.Id!)
            .ToList();
    }

    private static ResourceBody ReadBody(ReadOnlyMemory<byte> document, ResourceId vmId)
    {
        try
        {
            using var parsed = JsonDocument.Parse(document);
            if (BodyJson.IdIn(parsed.RootElement) is { } id) return new ResourceBody(id, parsed.RootElement.Clone(), "", null);
        }
        catch (JsonException damage)
        {
            throw Damaged(damage);
        }

        throw Damaged(null);

        AzsException Damaged(Exception? cause) => new(
            AzsErrorKind.DataDamaged,
            "CaptureDamaged",
            $"A document of the captured configuration of VM '{vmId.Name}' is not a resource.",
            "Restore its disks with -DisksOnly, or use another recovery point.",
            vmId.ToString(),
            cause);
    }
}
