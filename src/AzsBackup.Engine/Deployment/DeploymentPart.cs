namespace AzsBackup.Engine.Deployment;

/// <summary>What one template deploys.</summary>
/// <param name="Number">Its place in the order, from 1.</param>
/// <param name="ResourceGroupName">The group it is deployed to; null for the subscription.</param>
/// <param name="Resources">In an order in which they can be made one by one.</param>
public sealed record DeploymentPart(int Number, string? ResourceGroupName, IReadOnlyList<DeploymentResource> Resources)
{
    /// <summary>The parameters that its resources use, by name.</summary>
    public IReadOnlyList<DeploymentParameter> Parameters { get; } =
        [.. Resources.SelectMany(resource => resource.Parameters).DistinctBy(parameter => parameter.Name).OrderBy(parameter => parameter.Name, StringComparer.Ordinal)];
}
