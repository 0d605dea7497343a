using AzsBackup.Model;

namespace AzsBackup.Engine.Deployment;

/// <summary>How a capture becomes a deployment.</summary>
public sealed record DeploymentOptions
{
    /// <summary>Where virtual machines get their disks.</summary>
    public AzsVmDeploymentMode VmMode { get; init; } = AzsVmDeploymentMode.Rebuild;

    /// <summary>What is called otherwise where it is deployed.</summary>
    public StampMap StampMap { get; init; } = StampMap.None;
}
