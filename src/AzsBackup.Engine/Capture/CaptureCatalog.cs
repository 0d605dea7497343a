using System.Runtime.CompilerServices;
using AzsBackup.Engine.Running;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Capture;

/// <summary>The captures in a vault.</summary>
/// <param name="vault">The vault, opened.</param>
/// <param name="description">What the user sees of it.</param>
/// <param name="log">Told of points that can't be read.</param>
public sealed class CaptureCatalog(BackupVault vault, AzsBackupVault description, IRunLog log)
{
    /// <summary>The captures, in no order. A point that can't be read is warned of, since it may be one, and left out.</summary>
    public async IAsyncEnumerable<AzsResourceCapture> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var point in vault.ListPointsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (point.IsDamaged) log.Warning($"Point {point.Id} in {description.Path} can't be read: {point.Damage}");
            else if (CapturePointDetails.Read(point) is { } details) yield return Describe(point, details);
        }
    }

    private AzsResourceCapture Describe(PointHeader point, CapturePointDetails details) => new()
    {
        Id = point.Id,
        Stack = details.Stack,
        Scopes = details.Scopes,
        CapturedAt = point.CreatedAt,
        Resources = details.Counts.Values.Sum(),
        Missing = details.Counts.GetValueOrDefault(AzsCaptureStatus.Failed) + details.Counts.GetValueOrDefault(AzsCaptureStatus.Partial),
        RemovalDueAt = point.RemovalDueAt,
        LastVerified = point.LastVerified,
        Vault = description,
    };
}
