using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Faults;

/// <summary>What becomes of an operation, and the refusal it ends with if it fails.</summary>
internal sealed record OperationFault(OperationFate Fate, ArmException Failure);
