namespace AzsBackup.Model;

/// <summary>One file of a deployment. They are deployed in the order of their numbers.</summary>
public sealed record AzsDeploymentFile
{
    /// <summary>Its place in the order, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The resource group it is deployed to; null for the subscription.</summary>
    public string? ResourceGroupName { get; init; }

    /// <summary>How many resources it makes.</summary>
    public required int ResourceCount { get; init; }

    /// <summary>The language.</summary>
    public required AzsDeploymentForm Form { get; init; }

    /// <summary>Parameters that must be given, because no capture holds secrets.</summary>
    public required IReadOnlyList<string> SecretsNeeded { get; init; }

    /// <summary>The file's full path.</summary>
    public required string File { get; init; }
}
