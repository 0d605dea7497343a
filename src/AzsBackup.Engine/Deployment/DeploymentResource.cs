using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Deployment;

/// <summary>A resource to be deployed.</summary>
public sealed record DeploymentResource
{
    /// <summary>Its id, as captured.</summary>
    public required ResourceId Id { get; init; }

    /// <summary>The api-version its body is written for.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>Its names, from the top; an extension's own only.</summary>
    public required IReadOnlyList<DeploymentValue> Names { get; init; }

    /// <summary>For an extension of a resource, that resource's names; else empty.</summary>
    public IReadOnlyList<DeploymentValue> OwnerNames { get; init; } = [];

    /// <summary>What else stands at the top of its body.</summary>
    public required DeploymentValue.Map Body { get; init; }

    /// <summary>Ids of resources of the deployment that must be there first.</summary>
    public required IReadOnlyList<ResourceId> DependsOn { get; init; }

    /// <summary>When it is its turn.</summary>
    public required DeploymentPhase Phase { get; init; }

    /// <summary>The parameters it uses.</summary>
    public IEnumerable<DeploymentParameter> Parameters => Names.Concat(OwnerNames).Append(Body)
        .SelectMany(value => value.All()).OfType<DeploymentValue.Parameter>().Select(use => use.Definition).Distinct();
}
