namespace AzsBackup.Engine.Deployment;

/// <summary>What a parameter stands for.</summary>
public enum DeploymentParameterKind
{
    /// <summary>The location of what is made.</summary>
    Location,

    /// <summary>A name that must be unique beyond the subscription.</summary>
    Name,

    /// <summary>A user, group or application in a directory.</summary>
    Principal,

    /// <summary>A directory.</summary>
    Tenant,

    /// <summary>A resource that is not in the deployment.</summary>
    External,

    /// <summary>A secret text. It has no default.</summary>
    Secret,

    /// <summary>A secret object. It has no default.</summary>
    SecretObject,
}
