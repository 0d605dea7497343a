using System.Diagnostics.CodeAnalysis;

namespace AzsBackup.Azure.Transport;

/// <summary>An answer's body is not what its type says.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown in one place, which always knows the reason.")]
internal sealed class MalformedBodyException(string format, Exception reason) : IOException("The answer was cut short or changed on its way.", reason)
{
    /// <summary>What its type says.</summary>
    public string Format => format;
}
