using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Rebuild;

/// <summary>
/// The body a captured VM is made again with, around disks that exist. Attached disks bring the guest as it was: no
/// <c>osProfile</c> and no <c>imageReference</c> go with them, but the <c>plan</c> does.
/// Source: docs managed-disk script; Microsoft.Compute 2020-06-01 compute.json, VirtualMachine.
/// </summary>
internal static class VmBody
{
    /// <summary>Everything but the disks.</summary>
    /// <param name="vm">The captured VM.</param>
    /// <param name="map">How it is mapped.</param>
    /// <param name="location">Where it goes.</param>
    /// <param name="interfaces">Its interfaces on the target, the primary one first.</param>
    /// <param name="availabilitySet">Its availability set on the target.</param>
    /// <param name="bootStorage">The address of the account that takes its boot diagnostics.</param>
    public static JsonObject Create(
        CapturedVm vm, VmMap map, string location, IReadOnlyList<ResourceId> interfaces, ResourceId? availabilitySet, string? bootStorage)
    {
        var body = BodyJson.Begin(vm.Vm, location);
        Tag(body, map.Tags);
        BodyJson.Copy(vm.Vm.Json, body, "plan");
        var properties = new JsonObject
        {
            ["hardwareProfile"] = new JsonObject { ["vmSize"] = map.VmSize ?? vm.Vm.FindText("properties", "hardwareProfile", "vmSize") },
            ["networkProfile"] = new JsonObject
            {
                ["networkInterfaces"] = new JsonArray([.. interfaces.Select((nic, index) =>
                {
                    var reference = BodyJson.Reference(nic);
                    reference["properties"] = new JsonObject { ["primary"] = index == 0 };
                    return (JsonNode)reference;
                })]),
            },
        };
        if (vm.Vm.Find("properties") is { } captured) BodyJson.Copy(captured, properties, "licenseType");
        if (availabilitySet is not null) properties["availabilitySet"] = BodyJson.Reference(availabilitySet);
        if (bootStorage is not null)
        {
            properties["diagnosticsProfile"] = new JsonObject
            {
                ["bootDiagnostics"] = new JsonObject { ["enabled"] = true, ["storageUri"] = bootStorage },
            };
        }

        body["properties"] = properties;
        return body;
    }

    /// <summary>Everything but the disks of a VM that is made again where it is, with the interfaces it has.</summary>
    public static JsonObject Again(CapturedVm vm)
    {
        var body = BodyJson.Begin(vm.Vm, vm.Vm.FindText("location") ?? "");
        BodyJson.Copy(vm.Vm.Json, body, "plan");
        var properties = new JsonObject();
        if (vm.Vm.Find("properties") is { } before) BodyJson.Copy(before, properties, "hardwareProfile", "networkProfile", "availabilitySet", "licenseType", "diagnosticsProfile");
        body["properties"] = properties;
        return body;
    }

    /// <summary>The body that gives a VM other data disks and leaves all else as it is.</summary>
    public static JsonObject WithDataDisks(CapturedVm vm, IReadOnlyList<RebuildDisk> disks)
    {
        var body = Again(vm);
        var profile = WithDisks(new JsonObject { ["properties"] = new JsonObject() }, vm, disks)["properties"]!["storageProfile"]!.DeepClone();
        if (vm.Vm.Find("properties", "storageProfile") is { } before) BodyJson.Copy(before, profile.AsObject(), "osDisk");
        body["properties"]!["storageProfile"] = profile;
        return body;
    }

    /// <summary>The body with the disks in it.</summary>
    public static JsonObject WithDisks(JsonObject body, CapturedVm vm, IReadOnlyList<RebuildDisk> disks)
    {
        var whole = body.DeepClone().AsObject();
        var profile = new JsonObject { ["dataDisks"] = new JsonArray() };
        foreach (var disk in disks)
        {
            var attached = Attach(disk, vm.FindDisk(disk.Lun));
            if (disk.Lun is null)
            {
                attached["osType"] = vm.OsType;
                profile["osDisk"] = attached;
            }
            else
            {
                attached["lun"] = disk.Lun;
                profile["dataDisks"]!.AsArray().Add(attached);
            }
        }

        whole["properties"]!["storageProfile"] = profile;
        return whole;
    }

    /// <summary>How a disk stands in a storage profile.</summary>
    public static JsonObject Attach(RebuildDisk disk, JsonElement? captured)
    {
        var attached = new JsonObject { ["createOption"] = "Attach" };
        if (captured is { } before) BodyJson.Copy(before, attached, "caching");
        if (disk.ManagedDisk is { } managed)
        {
            attached["name"] = managed.Name;
            attached["managedDisk"] = BodyJson.Reference(managed);
        }
        else
        {
            var blob = disk.Place;
            attached["name"] = Path.GetFileNameWithoutExtension(Uri.UnescapeDataString(blob));
            attached["vhd"] = new JsonObject { ["uri"] = blob };
        }

        return attached;
    }

    /// <summary>Adds tags to a body.</summary>
    public static void Tag(JsonObject body, IReadOnlyDictionary<string, string> tags)
    {
        if (tags.Count == 0) return;
        var all = body["tags"]?.AsObject() ?? [];
        foreach (var (name, value) in tags) all[name] = value;
        if (body["tags"] is null) body["tags"] = all;
    }
}
