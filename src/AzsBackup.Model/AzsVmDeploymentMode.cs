namespace AzsBackup.Model;

/// <summary>Where the virtual machines of a deployment get their disks.</summary>
public enum AzsVmDeploymentMode
{
    /// <summary>New disks from the images that the machines were made of; passwords are asked for.</summary>
    Rebuild,

    /// <summary>The disks that are there under the captured names, for example restored from a backup.</summary>
    Attach,
}
