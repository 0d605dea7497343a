using System.Globalization;
using AzsBackup.Engine.Inspection;
using AzsBackup.Engine.Mounting;
using AzsBackup.Engine.Running;
using AzsBackup.Model;
using AzsBackup.Vault;
using AzsBackup.Vault.Proofs;
using AzsBackup.Vault.Verification;

namespace AzsBackup.Engine.Proving;

/// <summary>Tries out recovery points of one vault, and keeps the results with them.</summary>
/// <param name="vault">The vault, opened.</param>
/// <param name="cache">Where chunks read lately are.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Told what is going on.</param>
/// <param name="boot">Boots points; null if that is never asked for.</param>
public sealed class VmProver(BackupVault vault, ChunkCache cache, TimeProvider clock, IRunLog log, IBootTrial? boot = null)
{
    private const string Activity = "Testing";

    /// <summary>
    /// Tries a point out. That it does not pass is a result, not a failure; a run that is cancelled leaves none. What does not
    /// pass at one level is not tried at the next.
    /// </summary>
    /// <exception cref="AzsException">
    /// The point is gone, the store as a whole can't be read, or the VM could not be made to be booted: then the vault keeps the result up to there.
    /// </exception>
    public async Task<AzsVmBackupProof> RunAsync(AzsVmRecoveryPoint point, ProofOptions options, CancellationToken cancellationToken)
    {
        var startedAt = clock.GetUtcNow().UtcDateTime;
        var began = clock.GetTimestamp();
        var progress = new Progress(point, clock, log);
        var verified = await new PointVerifier(vault, new VerifyOptions { Parallelism = options.ChunksInFlight, Progress = progress })
            .RunAsync(point.Id, cancellationToken).ConfigureAwait(false);
        var damage = verified.Damage.Select(found => found.PointIds.Count > 0 ? found.Description : $"{found.Description} The point can be restored without it.").ToList();
        IReadOnlyList<AzsInspectedVolume> volumes = [];
        if (options.Level >= AzsProofLevel.Structure && verified.IsWhole)
        {
            volumes = await InspectAsync(point, cancellationToken).ConfigureAwait(false);
            damage.AddRange(volumes.Where(volume => volume.State == AzsVolumeState.Damaged).Select(volume => $"{volume}: {volume.Details}"));
        }

        log.Progress(new TransferProgress(point.ToString(), Activity, verified.BytesRead, 0, clock.GetElapsedTime(began), Finished: true));
        var level = !verified.IsWhole ? AzsProofLevel.Chunks : options.Level < AzsProofLevel.Structure ? options.Level : AzsProofLevel.Structure;
        var proof = new AzsVmBackupProof
        {
            RecoveryPoint = point,
            Level = level,
            Passed = verified.IsWhole && volumes.All(volume => volume.State != AzsVolumeState.Damaged),
            StartedAt = startedAt,
            Duration = clock.GetElapsedTime(began),
            By = options.By,
            Chunks = verified.Chunks,
            BytesRead = verified.BytesRead,
            Damage = damage,
            Volumes = volumes,
            Certified = false,
            Sealed = false,
        };
        return options.Level == AzsProofLevel.Boot && proof.Passed
            ? await BootAsync(proof, began, cancellationToken).ConfigureAwait(false)
            : await KeepAsync(proof, cancellationToken).ConfigureAwait(false);
    }

    private async Task<AzsVmBackupProof> BootAsync(AzsVmBackupProof proof, long began, CancellationToken cancellationToken)
    {
        try
        {
            var trial = boot ?? throw new InvalidOperationException("There is nothing that boots points.");
            var booted = await trial.RunAsync(proof.RecoveryPoint, cancellationToken).ConfigureAwait(false);
            proof = proof with
            {
                Level = AzsProofLevel.Boot,
                Passed = booted.Failure is null,
                Damage = booted.Failure is { } failure ? [failure, .. proof.Damage] : proof.Damage,
                RecoveryTime = booted.RecoveryTime,
                Duration = clock.GetElapsedTime(began),
            };
        }
        catch (AzsException)
        {
            // It says nothing of the point, whose proof up to here stands.
            await KeepAsync(proof, cancellationToken).ConfigureAwait(false);
            throw;
        }

        return await KeepAsync(proof, cancellationToken).ConfigureAwait(false);
    }

    private async Task<AzsVmBackupProof> KeepAsync(AzsVmBackupProof proof, CancellationToken cancellationToken)
    {
        var certified = await TryKeepAsync(proof, cancellationToken).ConfigureAwait(false);
        return proof with { Certified = certified, Sealed = certified && vault.Info.Encrypted };
    }

    private async Task<IReadOnlyList<AzsInspectedVolume>> InspectAsync(AzsVmRecoveryPoint point, CancellationToken cancellationToken)
    {
        var reader = await vault.OpenPointAsync(point.Id, cancellationToken).ConfigureAwait(false);
        var volumes = new List<AzsInspectedVolume>();
        foreach (var disk in point.Disks)
            volumes.AddRange(await DiskInspector.InspectAsync(disk, new PointDisk(vault, reader, disk, cache), cancellationToken).ConfigureAwait(false));
        cache.Forget(vault);
        return volumes;
    }

    private async Task<bool> TryKeepAsync(AzsVmBackupProof proof, CancellationToken cancellationToken)
    {
        try
        {
            var kept = new PointProof
            {
                Level = proof.Level.ToString().ToLowerInvariant(),
                Passed = proof.Passed,
                StartedAt = proof.StartedAt,
                Duration = proof.Duration,
                By = proof.By,
                Statement = StatementOf(proof),
            };
            await new PointProofs(vault).KeepAsync(proof.RecoveryPoint.Id, kept, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (AzsException refused) when (refused.Kind == AzsErrorKind.PermissionDenied)
        {
            log.Warning($"The vault {proof.RecoveryPoint.Vault.Path} may not be written to, so it does not keep the result of testing {proof.RecoveryPoint}.");
            return false;
        }
    }

    private static string StatementOf(AzsVmBackupProof proof) => string.Join(
        '\n',
        proof.Damage
            .Prepend(string.Create(CultureInfo.InvariantCulture, $"{proof.Chunks} chunks were read back ({proof.BytesRead} bytes)."))
            .Concat(proof.RecoveryTime is { } time ? [string.Create(CultureInfo.InvariantCulture, $"The VM was up {time.TotalSeconds:0} seconds after the restore began.")] : [])
            .Concat(proof.Volumes.Select(volume => volume.ToString())));

    private sealed class Progress(AzsVmRecoveryPoint point, TimeProvider clock, IRunLog log) : IProgress<long>
    {
        private readonly long _began = clock.GetTimestamp();

        public void Report(long value) => log.Progress(new TransferProgress(point.ToString(), Activity, value, 0, clock.GetElapsedTime(_began)));
    }
}
