using AzsBackup.Model;

namespace AzsBackup.Engine.Capture;

/// <summary>Where a capture is written to. Safe for concurrent writes of different paths.</summary>
public interface ICaptureStore
{
    /// <summary>The capture that is there already and that this one brings up to date; null if this one begins anew.</summary>
    /// <exception cref="AzsException">It can't be read.</exception>
    Task<CaptureManifest?> FindEarlierAsync(CancellationToken cancellationToken);

    /// <summary>Writes a file, replacing an earlier one.</summary>
    /// <param name="path">Relative to the capture, with forward slashes.</param>
    /// <param name="content">The whole content.</param>
    /// <param name="cancellationToken">Stops the write; then an earlier file is as it was.</param>
    /// <exception cref="AzsException">It can't be written.</exception>
    Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>A file of the capture as the user knows it.</summary>
    string Describe(string path);

    /// <summary>Ends the capture: what is gone is removed, the manifest comes last and publishes it.</summary>
    /// <exception cref="AzsException">It can't be written.</exception>
    Task PublishAsync(CaptureManifest manifest, IReadOnlyList<string> gonePaths, CancellationToken cancellationToken);
}
