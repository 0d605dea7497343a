namespace AzsBackup.Emulator.Faults;

/// <summary>What becomes of an operation that goes on after its request was answered.</summary>
internal enum OperationFate
{
    /// <summary>It ends as a failure, and has done nothing of what it was to do.</summary>
    Fail,

    /// <summary>It never ends.</summary>
    Hang,

    /// <summary>It does its work, but nobody knows of it: polls find nothing.</summary>
    Vanish,
}
