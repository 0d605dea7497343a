namespace AzsBackup.Emulator.Hosting;

/// <summary>A request that was served.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path and query, signatures replaced.</param>
public sealed record RecordedRequest(string Method, string Path)
{
    /// <summary>The status answered; 0 while it is being served, and if the connection was cut.</summary>
    public int Status { get; internal set; }
}
