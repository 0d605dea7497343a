namespace AzsBackup.Emulator.Deployments.Planning;

/// <summary>How far a resource of a deployment got.</summary>
internal enum PlannedState
{
    Waiting,
    Running,
    Succeeded,
    Failed,

    /// <summary>Its condition was false, or the deployment ended before its turn.</summary>
    Skipped,
}
