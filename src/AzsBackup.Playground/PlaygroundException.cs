namespace AzsBackup.Playground;

/// <summary>Something the user of the playground can put right. The message says what, and how.</summary>
internal sealed class PlaygroundException(string message, Exception? innerException = null) : Exception(message, innerException);
