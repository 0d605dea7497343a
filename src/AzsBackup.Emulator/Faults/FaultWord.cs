namespace AzsBackup.Emulator.Faults;

/// <summary>Refusals that a fault file asks for by name.</summary>
internal enum FaultWord
{
    /// <summary>The subscription's quota does not allow it.</summary>
    Quota,

    /// <summary>A lock forbids it.</summary>
    Lock,

    /// <summary>The stamp is full.</summary>
    Capacity,

    /// <summary>The blob service does not know page range differences.</summary>
    DiffUnsupported,
}
