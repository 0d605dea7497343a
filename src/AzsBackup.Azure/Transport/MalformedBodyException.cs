using System.Diagnostics.CodeAnalysis;

namespace AzsBackup.Azure.Transport;

/// <summary>An answer's body is not what its type says, or is not there.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown in one place, which always knows the reason.")]
internal sealed class MalformedBodyException : IOException
{
    /// <summary>There is none.</summary>
    public MalformedBodyException() : base("The answer has no body.")
    {
    }

    /// <summary>It is not of a format.</summary>
    public MalformedBodyException(string format, Exception reason) : base("The answer was cut short or changed on its way.", reason) => Format = format;

    /// <summary>What its type says; null if there is no body.</summary>
    public string? Format { get; }
}
