using AzsBackup.Engine.Disks;
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
    /// <summary>The id of a VM, or of the group or subscription whose VMs are meant.</summary>
    /// <param name="defaultSubscriptionId">The subscription where the reference names none.</param>
    /// <exception cref="AzsException"><c>NotAVirtualMachine</c>, <c>VmNotNamed</c>.</exception>
    public ResourceId ToScope(string defaultSubscriptionId)
    {
        if (Engine.Stacks.ResourceId.TryParse(ResourceId, out var id))
        {
            if (VmScope.IsScope(id)) return id;

            // Not to be guessed at: a disk's group and name may happen to be those of a VM.
            if (!id.Provider.EndsWith(".Admin", StringComparison.OrdinalIgnoreCase)) throw NotAVm(id);
        }

        var composed = $"/subscriptions/{(Has(SubscriptionId) ? SubscriptionId : defaultSubscriptionId)}";
        if (Has(ResourceGroupName)) composed += $"/resourceGroups/{ResourceGroupName}" + (Has(Name) ? $"/providers/{VmScope.VmType}/{Name}" : "");
        else if ((Has(Name) && !IsSubscription()) || !Has(SubscriptionId)) throw NotNamed();
        return Engine.Stacks.ResourceId.TryParse(composed, out var scope) && VmScope.IsScope(scope) ? scope : throw NotNamed();

        static bool Has(string? text) => !string.IsNullOrWhiteSpace(text);
    }

    // As Get-AzSubscription emits it: its Id is its SubscriptionId, and its Name that of the subscription.
    private bool IsSubscription() => string.Equals(ResourceId, SubscriptionId, StringComparison.OrdinalIgnoreCase);

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
        "Give -ResourceId, or -ResourceGroupName with -Name, or a whole group or subscription.",
        ResourceId ?? Name);
}
