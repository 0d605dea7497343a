using System.Management.Automation;
using AzsBackup.Model;

namespace AzsBackup.Pipeline;

/// <summary>
/// The one table from failures to PowerShell errors. Whether a failure ends the command is not decided here: work done for one
/// item (<see cref="CommandOutput.TryItemAsync"/>) fails alone, work done for all of them ends the command.
/// </summary>
internal static class ErrorRecords
{
    /// <summary>The error to report for a failure.</summary>
    /// <param name="failure">What happened; kept as the record's exception.</param>
    /// <param name="target">The user's object; what the failure names, if null.</param>
    public static ErrorRecord From(AzsException failure, object? target = null) =>
        new(failure, failure.ErrorId, Category(failure.Kind), target ?? failure.Target)
        {
            // Not as RecommendedAction too: PowerShell's default view would then print the next step twice, and without it in
            // the message, logs and "$_" would lack it. Scripts find it in the exception's NextStep.
            ErrorDetails = new ErrorDetails($"{Sentence(failure.Message)} {Sentence(failure.NextStep)}"),
        };

    private static ErrorCategory Category(AzsErrorKind kind) => kind switch
    {
        AzsErrorKind.InvalidInput => ErrorCategory.InvalidArgument,
        AzsErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        AzsErrorKind.AlreadyExists => ErrorCategory.ResourceExists,
        AzsErrorKind.AuthenticationFailed => ErrorCategory.AuthenticationError,
        AzsErrorKind.PermissionDenied => ErrorCategory.PermissionDenied,
        AzsErrorKind.ConnectionFailed => ErrorCategory.ConnectionError,
        AzsErrorKind.CertificateUntrusted => ErrorCategory.SecurityError,
        AzsErrorKind.Busy => ErrorCategory.ResourceBusy,
        AzsErrorKind.DataDamaged => ErrorCategory.InvalidData,
        AzsErrorKind.NotSupported => ErrorCategory.NotImplemented,
        AzsErrorKind.LimitExceeded => ErrorCategory.LimitsExceeded,
        AzsErrorKind.StorageFailed => ErrorCategory.DeviceError,
        AzsErrorKind.TimedOut => ErrorCategory.OperationTimeout,
        AzsErrorKind.RemoteFailed => ErrorCategory.InvalidResult,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind has no error category yet."),
    };

    private static string Sentence(string text) => text.EndsWith('.') || text.EndsWith('?') || text.EndsWith('!') ? text : text + ".";
}
