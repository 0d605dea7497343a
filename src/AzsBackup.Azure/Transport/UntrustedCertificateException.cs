using System.Diagnostics.CodeAnalysis;
using System.Security.Authentication;

namespace AzsBackup.Azure.Transport;

/// <summary>A server's certificate is not trusted; the message says why.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown in one place, which always knows the reason.")]
internal sealed class UntrustedCertificateException(string message, bool isWrongName) : AuthenticationException(message)
{
    /// <summary>Whether it was issued for another name, so that no root certificate would help.</summary>
    public bool IsWrongName { get; } = isWrongName;
}
