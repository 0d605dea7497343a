using System.Net.Http.Json;
using AzsBackup.Emulator.Compute;

namespace AzsBackup.Playground.Stacks;

/// <summary>
/// The emulated stack's control endpoint: what a guest does to its disk, and what lies on a disk, past every part of the module.
/// </summary>
internal sealed class StackControl(Uri endpoint, string subscriptionId) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = endpoint, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Changes a disk into an image, writing only the pages that differ, as a guest would.</summary>
    /// <returns>How many bytes were written.</returns>
    public async Task<long> ReplaceAsync(SampleDisk disk, string imagePath, CancellationToken cancellationToken)
    {
        using var response = await _client.PostAsJsonAsync("disks/replace", new { disk = IdOf(disk.Id), path = imagePath }, cancellationToken);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<ReplaceAnswer>(cancellationToken);
        return answer!.BytesWritten;
    }

    /// <summary>The SHA-256 of a disk's bytes without its VHD footer, in lower-case hexadecimal.</summary>
    /// <param name="disk">A managed disk's id, or the address of a page blob.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<string> HashAsync(string disk, CancellationToken cancellationToken)
    {
        using var response = await _client.GetAsync(
            "disks/content?disk=" + Uri.EscapeDataString(IdOf(disk)), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        var size = response.Content.Headers.ContentLength!.Value - VhdFooter.Length;
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await DiskImages.DiskHash.OfAsync(content, size, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private string IdOf(string id) => id.Replace("{subscriptionId}", subscriptionId, StringComparison.Ordinal);

    private sealed record ReplaceAnswer(long BytesWritten);
}
