using System.Collections.Concurrent;

namespace AzsBackup.Engine.Capture;

/// <summary>A capture that is not kept: made to be compared with another one. Memory grows with what is captured.</summary>
/// <param name="name">What to call it in messages.</param>
public sealed class CaptureInMemory(string name) : ICaptureStore
{
    private readonly ConcurrentDictionary<string, ReadOnlyMemory<byte>> _files = new(StringComparer.Ordinal);
    private CaptureManifest? _manifest;

    /// <summary>What was captured.</summary>
    /// <exception cref="InvalidOperationException">The capture has not ended.</exception>
    public CaptureContent Content => new(
        name,
        _manifest ?? throw new InvalidOperationException("The capture has not ended."),
        (path, _) => Task.FromResult(_files.TryGetValue(path, out var content) ? content.ToArray() : null));

    /// <inheritdoc/>
    public Task<CaptureManifest?> FindEarlierAsync(CancellationToken cancellationToken) => Task.FromResult<CaptureManifest?>(null);

    /// <inheritdoc/>
    public Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        _files[path] = content.ToArray();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public string Describe(string path) => path;

    /// <inheritdoc/>
    public Task PublishAsync(CaptureManifest manifest, IReadOnlyList<string> gonePaths, CancellationToken cancellationToken)
    {
        _manifest = manifest;
        return Task.CompletedTask;
    }
}
