namespace AzsBackup.Emulator.Control;

/// <summary>A control request that cannot be done, with its status and a sentence.</summary>
internal sealed class ControlException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
