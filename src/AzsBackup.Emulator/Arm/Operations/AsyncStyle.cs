namespace AzsBackup.Emulator.Arm.Operations;

/// <summary>Which headers a provider sends for an operation that goes on after the answer.</summary>
[Flags]
internal enum AsyncStyle
{
    /// <summary>The operation is over when it is answered.</summary>
    None = 0,

    /// <summary><c>Azure-AsyncOperation</c>: a status document.</summary>
    StatusDocument = 1,

    /// <summary><c>Location</c>: 202 while it runs, then the result.</summary>
    ResultLocation = 2,

    Both = StatusDocument | ResultLocation,
}
