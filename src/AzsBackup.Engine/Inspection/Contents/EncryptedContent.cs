using System.Buffers.Binary;
using System.Globalization;
using AzsBackup.Model;

namespace AzsBackup.Engine.Inspection.Contents;

/// <summary>Volumes that only their owner can look into: BitLocker and LUKS. Recognised by their signatures.</summary>
internal sealed class EncryptedContent : IContentProbe
{
    /// <inheritdoc/>
    public async Task<ContentFinding?> LookAsync(DiskSlice volume, CancellationToken cancellationToken)
    {
        var sector = await volume.TryReadAsync(0, 512, cancellationToken).ConfigureAwait(false);
        if (sector is null) return null;
        if (sector.AsSpan(3, 8).SequenceEqual("-FVE-FS-"u8)) return new ContentFinding("BitLocker", AzsVolumeState.Encrypted);
        return sector.AsSpan().StartsWith("LUKS"u8) && sector[4] == 0xBA && sector[5] == 0xBE
            ? new ContentFinding(string.Create(CultureInfo.InvariantCulture, $"LUKS{BinaryPrimitives.ReadUInt16BigEndian(sector.AsSpan(6))}"), AzsVolumeState.Encrypted)
            : null;
    }

    /// <inheritdoc/>
    public Task<ContentFinding?> LookForRemainsAsync(DiskSlice volume, CancellationToken cancellationToken) => Task.FromResult<ContentFinding?>(null);
}
