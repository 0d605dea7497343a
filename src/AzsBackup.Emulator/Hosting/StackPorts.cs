namespace AzsBackup.Emulator.Hosting;

/// <summary>The ports a stack listens on.</summary>
/// <param name="Https">The public one.</param>
/// <param name="Control">The control endpoint's.</param>
/// <param name="PlainBlob">That of blobs over plain HTTP; 0: none, or any.</param>
/// <param name="Proxy">That of the proxy for the stamp's host names; 0: none, or any.</param>
internal sealed record StackPorts(int Https, int Control, int PlainBlob, int Proxy);
