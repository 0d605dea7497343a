namespace AzsBackup.Engine.Capture;

/// <summary>Where a file of a capture lies in the stream of a vault's point.</summary>
/// <param name="Path">Relative to the capture, with forward slashes.</param>
/// <param name="Offset">Where it begins in the stream, in bytes.</param>
/// <param name="Length">Its length in bytes.</param>
public sealed record CaptureVaultFile(string Path, long Offset, int Length);
