using AzsBackup.Engine.Rebuild;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Restore;

/// <summary>Reads the configuration a recovery point carries.</summary>
public static class PointConfiguration
{
    /// <summary>The VM as it was captured.</summary>
    /// <exception cref="AzsException"><c>CapturedVmMissing</c>, <c>CaptureDamaged</c>, or a failure of the vault.</exception>
    public static async Task<CapturedVm> ReadAsync(PointReader reader, AzsVmRecoveryPoint point, CancellationToken cancellationToken)
    {
        var documents = new List<ReadOnlyMemory<byte>>();
        foreach (var document in reader.Header.Documents)
        {
            documents.Add(await reader.ReadDocumentAsync(document.Name, cancellationToken).ConfigureAwait(false));
        }

        return CapturedVm.Read(documents, ResourceId.Parse(point.VmId), point.Stack);
    }

    /// <summary>As <see cref="ReadAsync"/>; null where a point of an early version carries none and <paramref name="maybe"/> allows it.</summary>
    internal static async Task<CapturedVm?> FindAsync(PointReader reader, AzsVmRecoveryPoint point, bool maybe, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(reader, point, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException missing) when (maybe && missing.ErrorId == "CapturedVmMissing")
        {
            return null;
        }
    }
}
