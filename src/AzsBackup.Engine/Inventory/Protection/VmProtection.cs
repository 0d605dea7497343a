using AzsBackup.Model;

namespace AzsBackup.Engine.Inventory.Protection;

/// <summary>What there would be left of a VM.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="NewestPoint">Its newest recovery point; null if there is none.</param>
/// <param name="Points">How many recovery points it has.</param>
/// <param name="Replicas">Its replicas that have a point to fail over to.</param>
public sealed record VmProtection(InventoryResource Vm, AzsVmRecoveryPoint? NewestPoint, int Points, IReadOnlyList<AzsStackReplica> Replicas)
{
    /// <summary>Whether there is anything.</summary>
    public bool IsProtected => NewestPoint is not null || Replicas.Count > 0;

    /// <summary>Finds what there is of each VM, those with nothing first, then by name.</summary>
    /// <param name="inventory">The VMs.</param>
    /// <param name="points">The recovery points of all vaults; those of other stacks do not count.</param>
    /// <param name="replicas">The replicas on all stacks; those of other sources do not count.</param>
    public static IReadOnlyList<VmProtection> Find(
        ResourceInventory inventory, IReadOnlyList<AzsVmRecoveryPoint> points, IReadOnlyList<AzsStackReplica> replicas)
    {
        var pointsOf = points.Where(point => Is(point.Stack, inventory.Stack)).ToLookup(point => point.VmId, StringComparer.OrdinalIgnoreCase);
        var replicasOf = replicas.Where(replica => Is(replica.Source, inventory.Stack) && replica.LastPoint is not null).ToLookup(replica => replica.SourceVmId, StringComparer.OrdinalIgnoreCase);
        return inventory.OfType("Microsoft.Compute/virtualMachines")
            .Select(vm =>
            {
                var mine = pointsOf[vm.Id.ToString()].Where(point => point.State == AzsRecoveryPointState.Available).ToList();
                return new VmProtection(
                    vm, mine.MaxBy(point => (point.CreatedAt, point.Id)), mine.Count,
                    replicasOf[vm.Id.ToString()].OrderBy(replica => replica.Id, StringComparer.Ordinal).ToList());
            })
            .OrderBy(protection => protection.IsProtected)
            .ThenBy(protection => protection.Vm.Name, StringComparer.OrdinalIgnoreCase)
            .ThenBy(protection => protection.Vm.Id.ToString(), StringComparer.OrdinalIgnoreCase)
            .ToList();
    }

    private static bool Is(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
