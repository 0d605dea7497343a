namespace AzsBackup.Emulator.Deployments.Planning;

/// <summary>Where a template is deployed, for the functions of a template that ask.</summary>
/// <param name="TenantId">The tenant.</param>
/// <param name="SubscriptionId">The subscription.</param>
/// <param name="ResourceGroup">The group, or <see langword="null"/> at subscription scope.</param>
/// <param name="Location">The group's location, or the deployment's at subscription scope.</param>
/// <param name="Name">The deployment's name.</param>
internal sealed record DeploymentTarget(string TenantId, string SubscriptionId, string? ResourceGroup, string Location, string Name)
{
    /// <summary>The id of the scope.</summary>
    public string Scope => ResourceGroup is null ? $"/subscriptions/{SubscriptionId}" : $"/subscriptions/{SubscriptionId}/resourceGroups/{ResourceGroup}";

    /// <summary>The deployment's own id.</summary>
    public string Id => $"{Scope}/providers/Microsoft.Resources/deployments/{Name}";
}
