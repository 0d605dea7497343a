using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Disks;

/// <summary>Where VMs are meant: one VM, all of a resource group, all of a subscription.</summary>
public static class VmScope
{
    /// <summary>The type of VMs.</summary>
    public const string VmType = "Microsoft.Compute/virtualMachines";

    /// <summary>Whether an id is that of a VM, a resource group or a subscription.</summary>
    public static bool IsScope(ResourceId id) =>
        id.IsOfType(VmType) || id.IsOfType("Microsoft.Resources/resourceGroups") || id.IsOfType("Microsoft.Resources/subscriptions");

    /// <summary>The ids of the VMs in a scope. A single VM is taken at its word; nothing is asked.</summary>
    public static async Task<IReadOnlyList<ResourceId>> ListAsync(IStack stack, ResourceId scope, CancellationToken cancellationToken)
    {
        if (scope.IsOfType(VmType)) return [scope];
        var vms = new List<ResourceId>();
        var listed = stack.Resources.ListAsync($"{scope}/providers/{VmType}", VmType, cancellationToken);
        await foreach (var vm in listed.ConfigureAwait(false)) vms.Add(vm.Id);
        return vms;
    }
}
