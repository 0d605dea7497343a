namespace AzsBackup.Emulator.Hosting;

/// <summary>A request that was served.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path and query, signatures replaced.</param>
/// <param name="Status">The status answered; 0 if the connection was cut.</param>
public sealed record RecordedRequest(string Method, string Path, int Status);
