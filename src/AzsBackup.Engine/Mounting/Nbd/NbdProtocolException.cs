namespace AzsBackup.Engine.Mounting.Nbd;

/// <summary>A client did not keep to the protocol, so that nobody knows where its next message begins: the connection ends.</summary>
internal sealed class NbdProtocolException(string message) : Exception(message);
