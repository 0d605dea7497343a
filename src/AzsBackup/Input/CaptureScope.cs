using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Input;

/// <summary>
/// What to export, as it arrives: typed, or bound by property name from objects of other modules, where <c>Id</c> may be a
/// Resource Manager id, a bare GUID or an operator's path. An id of the tenant's decides; else the other properties do.
/// </summary>
internal sealed record CaptureScope(string? ResourceId, string? ResourceGroupName, string? SubscriptionId)
{
    /// <summary>The scope's id: a resource, a resource group or a subscription.</summary>
    /// <param name="defaultSubscriptionId">The subscription where nothing names one.</param>
    /// <exception cref="AzsException"><c>ScopeNotNamed</c>.</exception>
    public ResourceId ToId(string defaultSubscriptionId)
    {
        if (Engine.Stacks.ResourceId.TryParse(ResourceId, out var id) && !id.Provider.EndsWith(".Admin", StringComparison.OrdinalIgnoreCase))
        {
            return id;
        }

        var subscription = string.IsNullOrWhiteSpace(SubscriptionId) ? defaultSubscriptionId : SubscriptionId;
        var composed = string.IsNullOrWhiteSpace(ResourceGroupName)
            ? $"/subscriptions/{subscription}"
            : $"/subscriptions/{subscription}/resourceGroups/{ResourceGroupName}";
        var isNamed = ResourceId is null || SubscriptionId is not null || ResourceGroupName is not null;
        return isNamed && Engine.Stacks.ResourceId.TryParse(composed, out var scope)
            ? scope
            : throw new AzsException(
                AzsErrorKind.InvalidInput,
                "ScopeNotNamed",
                $"'{ResourceId ?? composed}' names no subscription, resource group or resource.",
                "Give -ResourceId, -ResourceGroupName or -SubscriptionId, or nothing for the connection's subscription.",
                ResourceId ?? composed);
    }
}
