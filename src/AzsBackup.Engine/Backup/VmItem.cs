using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Backup;

/// <summary>What a vault calls a VM.</summary>
internal static class VmItem
{
    // Resource ids ignore case, and a vault's names do not.
    public static string NameOf(ResourceId vm) => vm.ToString().ToLowerInvariant();
}
