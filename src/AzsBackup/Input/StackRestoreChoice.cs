using System.Collections;
using System.Globalization;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Rebuild;
using AzsBackup.Engine.Restore;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Input;

/// <summary>Makes the engine's options of what a user gave.</summary>
internal static class StackRestoreChoice
{
    /// <summary>The options for one recovery point.</summary>
    /// <exception cref="AzsException"><c>SubnetIdInvalid</c>.</exception>
    public static VmMap Map(string subscriptionId, string resourceGroupName, string? vmName, string? subnetId, Hashtable? networks, Hashtable? names) => new()
    {
        SubscriptionId = subscriptionId,
        ResourceGroupName = resourceGroupName,
        VmName = vmName,
        Subnet = Subnet(subnetId),
        Networks = Texts(networks),
        Names = Texts(names),
    };

    /// <summary>What a plan would make, in one line.</summary>
    public static string Describe(StackRestorePlan plan)
    {
        var disks = string.Create(CultureInfo.InvariantCulture, $"{plan.Disks.Count} {(plan.Disks.Count == 1 ? "disk" : "disks")}");
        return plan.Rebuild is { } rebuild
            ? $"Restore to VM {rebuild.VmId} with {disks}"
            : $"Restore {disks}: {string.Join(", ", plan.Disks.Select(disk => disk.Target.Place))}";
    }

    /// <summary>What a restore in place would do, in one line.</summary>
    public static string Describe(InPlaceRestorePlan plan)
    {
        var replaced = string.Join(", ", plan.Disks.Disks.Select(disk => VmDisk.SlotOf(disk.Source.Lun)));
        return plan.Disks.Disks.Any(disk => disk.Source.Lun is null)
            ? $"Stop {plan.VmId}, make it anew with restored disks ({replaced}), and keep the old ones"
            : $"Stop {plan.VmId}, give it restored disks ({replaced}), and keep the old ones";
    }

    private static ResourceId? Subnet(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        return ResourceId.TryParse(text, out var id) && id.IsOfType("Microsoft.Network/virtualNetworks/subnets")
            ? id
            : throw new AzsException(
                AzsErrorKind.InvalidInput,
                "SubnetIdInvalid",
                $"'{text}' is not the id of a subnet.",
                "Give it as /subscriptions/…/virtualNetworks/<network>/subnets/<subnet>.",
                text);
    }

    private static Dictionary<string, string> Texts(Hashtable? table)
    {
        var texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in table ?? []) texts[$"{entry.Key}"] = $"{entry.Value}";
        return texts;
    }
}
