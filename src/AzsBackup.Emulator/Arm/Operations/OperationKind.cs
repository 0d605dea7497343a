namespace AzsBackup.Emulator.Arm.Operations;

/// <summary>What an operation does when it is due.</summary>
internal enum OperationKind
{
    Write,
    Delete,
    DeleteGroup,
    Act,
}
