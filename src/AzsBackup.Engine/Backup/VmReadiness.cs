using System.Text.Json;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Model;

namespace AzsBackup.Engine.Backup;

/// <summary>Whether a VM is in a state to be backed up in, as its Resource Manager body tells.</summary>
internal static class VmReadiness
{
    /// <exception cref="AzsException"><c>VmBeingDeleted</c>, or <c>DiskIsEphemeral</c> for a chosen disk that no snapshot can be made of.</exception>
    public static void Check(VmDescription vm, IReadOnlyList<VmDisk> chosen, IRunLog log)
    {
        var state = vm.Body.FindText("properties", "provisioningState");
        if ("Deleting".Equals(state, StringComparison.OrdinalIgnoreCase))
        {
            throw new AzsException(
                AzsErrorKind.Busy,
                "VmBeingDeleted",
                $"VM '{vm.Name}' is being deleted.",
                "Restore it from its last recovery point if it is still wanted.",
                vm.Id.ToString());
        }

        // Its disks are as they are, whatever became of the last change to the VM itself.
        if ("Failed".Equals(state, StringComparison.OrdinalIgnoreCase))
            log.Warning($"The stack's last operation on VM '{vm.Name}' failed (provisioning state Failed). Its disks are backed up as they are.");

        if (chosen.FirstOrDefault(disk => disk.Lun is null) is not { } os
            || vm.Body.Find("properties", "storageProfile", "osDisk", "diffDiskSettings") is not { ValueKind: JsonValueKind.Object })
            return;
        throw new AzsException(
            AzsErrorKind.NotSupported,
            "DiskIsEphemeral",
            $"The OS disk '{os.Name}' of VM '{vm.Name}' is ephemeral: it lives on the host only, and no snapshot can be made of it.",
            "Leave it out with -ExcludeDisk os.",
            vm.Id.ToString());
    }
}
