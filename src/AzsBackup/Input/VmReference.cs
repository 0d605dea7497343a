using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Input;

/// <summary>
/// A virtual machine as it arrives: typed, or bound by property name from objects of other modules, where <c>Id</c> may be a
/// Resource Manager id, a bare GUID or an operator's path. An id of a VM decides; where it is something that can't be a tenant's
/// resource, the other properties do.
/// </summary>
internal sealed record VmReference(string? ResourceId, string? ResourceGroupName, string? Name, string? SubscriptionId)
{
    /// <summary>The type all this is about.</summary>
    public const string VmType = "Microsoft.Compute/virtualMachines";

    /// <summary>The VM's id.</summary>
    /// <param name="defaultSubscriptionId">The subscription where the reference names none.</param>
    /// <exception cref="AzsException"><c>NotAVirtualMachine</c>, <c>VmNotNamed</c>.</exception>
    public ResourceId ToId(string defaultSubscriptionId)
    {
        if (Engine.Stacks.ResourceId.TryParse(ResourceId, out var id))
        {
            if (id.IsOfType(VmType)) return id;

            // Not to be guessed at: a disk's group and name may happen to be those of a VM.
            if (!id.Provider.EndsWith(".Admin", StringComparison.OrdinalIgnoreCase)) throw NotAVm(id);
        }

        if (string.IsNullOrWhiteSpace(ResourceGroupName) || string.IsNullOrWhiteSpace(Name)) throw NotNamed();
        var subscription = string.IsNullOrWhiteSpace(SubscriptionId) ? defaultSubscriptionId : SubscriptionId;
        var composed = $"/subscriptions/{subscription}/resourceGroups/{ResourceGroupName}/providers/{VmType}/{Name}";
        return Engine.Stacks.ResourceId.TryParse(composed, out var vm) && vm.IsOfType(VmType) ? vm : throw NotNamed();
    }

    private static AzsException NotAVm(ResourceId id) => new(
        AzsErrorKind.InvalidInput,
        "NotAVirtualMachine",
        $"'{id}' is not a virtual machine but a {id.Type}.",
        "Give the id of the virtual machine it belongs to.",
        id.ToString());

    private AzsException NotNamed() => new(
        AzsErrorKind.InvalidInput,
        "VmNotNamed",
        $"{(string.IsNullOrWhiteSpace(ResourceId ?? Name) ? "The input" : $"'{ResourceId ?? Name}'")} does not name a virtual machine.",
        "Give -ResourceId, or -ResourceGroupName with -Name.",
        ResourceId ?? Name);
}
