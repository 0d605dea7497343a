namespace AzsBackup.Model;

/// <summary>
/// A failure a user can act on. <see cref="Exception.Message"/> says what happened, <see cref="NextStep"/> what to do.
/// Whatever is thrown that is not this type (nor a cancellation) is a bug.
/// </summary>
public class AzsException : Exception
{
    /// <summary>Makes a failure.</summary>
    /// <param name="kind">The sort of failure.</param>
    /// <param name="errorId">A stable name in PascalCase, for example <c>VaultWrongPassword</c>; scripts test it, so it never changes.</param>
    /// <param name="message">What happened: one sentence, without secrets.</param>
    /// <param name="nextStep">What to do: one sentence.</param>
    /// <param name="target">The user's object: an id, a path, a name.</param>
    /// <param name="innerException">The cause, if another exception was one.</param>
    public AzsException(
        AzsErrorKind kind,
        string errorId,
        string message,
        string nextStep,
        string? target = null,
        Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        ErrorId = errorId;
        NextStep = nextStep;
        Target = target;
    }

    /// <summary>The sort of failure.</summary>
    public AzsErrorKind Kind { get; }

    /// <summary>The stable name of this failure.</summary>
    public string ErrorId { get; }

    /// <summary>What the user can do about it, in one sentence.</summary>
    public string NextStep { get; }

    /// <summary>The id, path or name of what failed.</summary>
    public string? Target { get; }
}
