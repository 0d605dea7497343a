namespace AzsBackup.Engine.Running;

/// <summary>
/// What a run says while it works. Results are not sent here but returned; failures are thrown.
/// Safe for concurrent use; calls return at once.
/// </summary>
public interface IRunLog
{
    /// <summary>A detail for those who ask for it. No secret, no signed URI.</summary>
    void Verbose(string message);

    /// <summary>Something the user should know though the run goes on.</summary>
    void Warning(string message);

    /// <summary>Where a transfer stands. Only the newest one of each <see cref="TransferProgress.Subject"/> counts.</summary>
    void Progress(TransferProgress progress);
}
