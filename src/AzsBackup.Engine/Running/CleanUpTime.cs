namespace AzsBackup.Engine.Running;

/// <summary>How long giving back may take: as long as it takes, but only a moment once the user wants to be gone.</summary>
internal static class CleanUpTime
{
    /// <summary>Starts the time. Dispose of it when all is given back.</summary>
    /// <param name="afterCancelling">How long it may take if that run was cancelled.</param>
    /// <param name="clock">The time.</param>
    /// <param name="run">The token of the run that is being cleaned up after.</param>
    public static CancellationTokenSource Start(TimeSpan afterCancelling, TimeProvider clock, CancellationToken run) =>
        run.IsCancellationRequested ? new CancellationTokenSource(afterCancelling, clock) : new CancellationTokenSource();

    /// <summary>What to say of a failure to give something back.</summary>
    public static string ReasonOf(Exception failure) => failure is OperationCanceledException ? "Time was up." : failure.Message;
}
