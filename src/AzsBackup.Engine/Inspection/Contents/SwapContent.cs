using AzsBackup.Model;

namespace AzsBackup.Engine.Inspection.Contents;

/// <summary>Linux swap space: a signature at the end of its first page, of 4 KiB on the processors a stamp has.</summary>
internal sealed class SwapContent : IContentProbe
{
    /// <inheritdoc/>
    public async Task<ContentFinding?> LookAsync(DiskSlice volume, CancellationToken cancellationToken)
    {
        var signature = await volume.TryReadAsync(4096 - 10, 10, cancellationToken).ConfigureAwait(false);
        return signature is not null && signature.AsSpan().SequenceEqual("SWAPSPACE2"u8) ? new ContentFinding("swap", AzsVolumeState.Sound) : null;
    }

    /// <inheritdoc/>
    public Task<ContentFinding?> LookForRemainsAsync(DiskSlice volume, CancellationToken cancellationToken) => Task.FromResult<ContentFinding?>(null);
}
