using AzsBackup.Engine.Running;
using AzsBackup.Model;

namespace AzsBackup.Commands;

/// <summary>Shows how far a verification is.</summary>
internal sealed class VerifyProgress(AzsBackupVault vault, IRunLog log) : IProgress<long>
{
    public const string Activity = "Verifying";

    private readonly long _began = TimeProvider.System.GetTimestamp();

    public void Report(long value) =>
        log.Progress(new TransferProgress(vault.Path, Activity, value, 0, TimeProvider.System.GetElapsedTime(_began)));
}
