namespace AzsBackup.Engine.Deployment;

/// <summary>Which comes before which, whatever refers to what.</summary>
public enum DeploymentPhase
{
    /// <summary>Resource groups, and definitions at subscription level.</summary>
    Foundation,

    /// <summary>Resources.</summary>
    Resources,

    /// <summary>Who may do what, what is allowed, and locks: they could be in the way of all else.</summary>
    Access,
}
