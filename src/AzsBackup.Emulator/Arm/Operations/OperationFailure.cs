namespace AzsBackup.Emulator.Arm.Operations;

/// <summary>The refusal with which an operation ended, in a fact.</summary>
internal sealed record OperationFailure(int Status, string Code, string Message, string? Target)
{
    public static OperationFailure Of(ArmException refusal) => new(refusal.Status, refusal.Code, refusal.Message, refusal.Target);

    public ArmException ToException() => new(Status, Code, Message) { Target = Target };
}
