using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Running;
using AzsBackup.Vault.Copying;

namespace AzsBackup.Composition;

/// <summary>Turns what a vault's copy tells of itself into the log's progress.</summary>
internal sealed class VaultCopyMeter(IRunLog log, TimeProvider time) : IProgress<VaultCopyProgress>
{
    private readonly long _started = time.GetTimestamp();

    /// <inheritdoc/>
    public void Report(VaultCopyProgress value) => log.Progress(new TransferProgress(
        VmPointDetails.Read(value.Point)?.VmName ?? value.Point.Id, "Copying", value.BytesDone, value.BytesTotal, time.GetElapsedTime(_started), value.Finished));
}
