namespace AzsBackup.Engine.Deployment;

/// <summary>A parameter of a template.</summary>
/// <param name="Name">Unique in a deployment, whatever the case: the same name means the same value in each of its templates.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Description">For whoever deploys.</param>
/// <param name="Default">What holds if nothing is given; null for a value that must be given.</param>
public sealed record DeploymentParameter(string Name, DeploymentParameterKind Kind, string Description, DeploymentValue? Default)
{
    /// <summary>The type in a template.</summary>
    public string Type => Kind switch
    {
        DeploymentParameterKind.Secret => "securestring",
        DeploymentParameterKind.SecretObject => "secureObject",
        _ => "string",
    };

    /// <summary>Whether its value must not be seen.</summary>
    public bool IsSecret => Kind is DeploymentParameterKind.Secret or DeploymentParameterKind.SecretObject;
}
