namespace AzsBackup.Emulator.Deployments;

/// <summary>The provisioning state of a deployment, in ARM's words.</summary>
internal enum DeploymentState
{
    Accepted,
    Running,
    Succeeded,
    Failed,
    Canceled,
}
