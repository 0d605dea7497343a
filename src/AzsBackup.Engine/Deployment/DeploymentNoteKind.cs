namespace AzsBackup.Engine.Deployment;

/// <summary>What became of something that a deployment does not bring back as it was.</summary>
public enum DeploymentNoteKind
{
    /// <summary>The resource is not in the deployment.</summary>
    ResourceLeftOut,

    /// <summary>The property is not in the deployment.</summary>
    PropertyLeftOut,

    /// <summary>A disk must be there before: it is attached.</summary>
    DiskNeeded,

    /// <summary>It comes about with another resource.</summary>
    MadeWithAnother,
}
