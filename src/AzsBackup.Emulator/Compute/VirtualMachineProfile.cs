using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Compute;

/// <summary>What is said about the guest of a VM: what goes in and never comes out, what is set for it, and what can never change.</summary>
internal static class VirtualMachineProfile
{
    /// <summary>What a VM keeps for good, as paths below its properties.</summary>
    private static readonly (string Name, string[] Values)[] Spellings =
    [
        ("osType", ["Windows", "Linux"]),
        ("createOption", ["FromImage", "Empty", "Attach"]),
        ("caching", ["None", "ReadOnly", "ReadWrite"]),
    ];

    private static readonly string[][] Fixed =
    [
        ["availabilitySet", "id"], ["osProfile", "computerName"], ["osProfile", "adminUsername"],
        ["storageProfile", "imageReference", "publisher"], ["storageProfile", "imageReference", "offer"], ["storageProfile", "imageReference", "sku"], ["storageProfile", "imageReference", "id"],
        // A stamp swaps no OS disks (MicrosoftDocs/azure-stack-docs issue 1562).
        ["storageProfile", "osDisk", "managedDisk", "id"], ["storageProfile", "osDisk", "vhd", "uri"],
    ];

    /// <summary>Keeps what a change leaves out, and refuses to change what cannot be.</summary>
    public static void Keep(ResourceWrite write)
    {
        if (write.Previous?["properties"] is not JsonObject before)
            return;
        foreach (string name in (string[])["availabilitySet", "osProfile"])
            KeepOne(before, write.Properties, name);
        if (before.Object("storageProfile") is { } profile)
            KeepOne(profile, write.Properties.Ensure("storageProfile"), "imageReference");
        foreach (string[] path in Fixed)
        {
            string? was = before.Text(path), asked = write.Properties.Text(path);
            if (asked is null || string.Equals(was, asked, StringComparison.OrdinalIgnoreCase))
                continue;
            string shown = path[^2] == "imageReference" ? "imageReference" : string.Join('.', path.SkipWhile(part => part == "storageProfile"));
            throw new ArmException(409, "PropertyChangeNotAllowed", $"Changing property '{shown}' is not allowed.") { Target = shown };
        }
    }

    /// <summary>Checks and completes the guest's part of a VM's properties.</summary>
    public static void Complete(ResourceWrite write)
    {
        JsonObject properties = write.Properties;
        Spell(properties);
        string option = properties.Text("storageProfile", "osDisk", "createOption") ?? "";
        if (properties.Object("osProfile") is not { } profile)
        {
            if (ArmPath.Equal(option, "FromImage") && !write.IsLoading)
                throw ArmException.Parameter("osProfile", "Required parameter 'osProfile' is missing (null).");
            return;
        }

        if (ArmPath.Equal(option, "Attach") && !write.IsLoading)
            throw ArmException.Parameter("osProfile", "Parameter 'osProfile' is not allowed.");
        Redact(properties);
        profile.EnsureArray("secrets");
        profile.Default("allowExtensionOperations", true);
        if (string.CompareOrdinal(write.ApiVersion, "2020-06-01") >= 0)
            profile.Default("requireGuestProvisionSignal", true);
        if (profile.Object("windowsConfiguration") is { } windows)
        {
            windows.Default("provisionVMAgent", true);
            windows.Default("enableAutomaticUpdates", true);
        }

        profile.Object("linuxConfiguration")?.Default("disablePasswordAuthentication", false);
        profile.Object("linuxConfiguration")?.Default("provisionVMAgent", true);
    }

    /// <summary>Passwords and custom data go in and never come out.</summary>
    public static void Redact(JsonObject properties)
    {
        if (properties.Object("osProfile") is not { } profile)
            return;
        profile.Remove("adminPassword");
        profile.Remove("customData");
        foreach (JsonObject content in profile.Array("windowsConfiguration", "additionalUnattendContent")?.OfType<JsonObject>() ?? [])
            content.Remove("content");
    }

    /// <summary>Enumerations take the spelling of the model, and a newer model's properties of a reference fall away (recorded: az vm create, profile 2020-09-01-hybrid).</summary>
    private static void Spell(JsonObject properties)
    {
        IEnumerable<JsonNode?> disks = [properties.Object("storageProfile", "osDisk"), .. properties.Array("storageProfile", "dataDisks") ?? []];
        foreach (JsonObject disk in disks.OfType<JsonObject>())
        {
            foreach ((string name, string[] values) in Spellings)
            {
                if (disk.Text(name) is { } given && values.FirstOrDefault(value => ArmPath.Equal(value, given)) is { } known)
                    disk[name] = known;
            }
        }

        foreach (JsonObject reference in properties.Array("networkProfile", "networkInterfaces")?.OfType<JsonObject>() ?? [])
        {
            if (reference.Object("properties") is not { } inner)
                continue;
            inner.Remove("deleteOption");
            if (inner.Count == 0)
                reference.Remove("properties");
        }
    }

    private static void KeepOne(JsonObject before, JsonObject now, string name)
    {
        if (now[name] is null && before[name] is { } kept)
            now[name] = kept.DeepClone();
    }
}
