namespace AzsBackup.Model;

/// <summary>A language that deployments are written in.</summary>
public enum AzsDeploymentForm
{
    /// <summary>Azure Resource Manager templates in JSON.</summary>
    ArmTemplate,

    /// <summary>Bicep files.</summary>
    Bicep,
}
