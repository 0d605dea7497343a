using System.Net.Sockets;
using System.Security.Authentication;
using AzsBackup.Model;
using Azure;

namespace AzsBackup.Azure.Transport;

/// <summary>Failures to get an answer at all, told apart and put in the user's words.</summary>
internal static class NetworkFailure
{
    /// <summary>Whether a request failed on its way, rather than by being cancelled or by a defect of ours.</summary>
    public static bool IsOne(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        RequestFailedException { Status: 0 } or HttpRequestException or IOException or SocketException => true,
        AggregateException several => several.InnerExceptions.All(inner => IsOne(inner, cancellationToken)),
        _ => false,
    };

    /// <summary>Whether asking again can't help: TLS failed.</summary>
    public static bool IsLasting(Exception? exception) => exception is not null && Find<AuthenticationException>(exception) is not null;

    /// <summary>The failure as the user should see it.</summary>
    public static AzsException Explain(Exception exception, Uri uri)
    {
        if (Find<AzsException>(exception) is { } known) return known;
        var place = uri.GetLeftPart(UriPartial.Authority);
        if (Find<UntrustedCertificateException>(exception) is { } untrusted)
        {
            return new AzsException(
                AzsErrorKind.CertificateUntrusted,
                "StackCertificateUntrusted",
                $"The certificate of {place} is not trusted: {untrusted.Message}",
                untrusted.IsWrongName
                    ? "Connect by the name the certificate was issued for."
                    : "Give the stack's root certificate with -CaCertificatePath.",
                place,
                untrusted);
        }

        if (Find<AuthenticationException>(exception) is { } tls)
        {
            return new AzsException(
                AzsErrorKind.ConnectionFailed,
                "TlsFailed",
                $"No TLS session with {place} could be made: {tls.Message}",
                "Check that the address and port belong to an HTTPS endpoint of the stack.",
                place,
                exception);
        }

        if (Find<MalformedBodyException>(exception) is { } malformed)
        {
            return new AzsException(
                AzsErrorKind.RemoteFailed,
                "ReplyMalformed",
                $"{uri.GetLeftPart(UriPartial.Path)} answered {(malformed.Format is { } format ? $"with something that is not {format}" : "without a body")}.",
                "Check that the address is one of the stack's services, and that no proxy on the way changes or cuts answers.",
                uri.GetLeftPart(UriPartial.Path),
                malformed);
        }

        if (exception is OperationCanceledException)
        {
            return new AzsException(
                AzsErrorKind.ConnectionFailed,
                "StackUnreachable",
                $"{place} did not answer in time.",
                "Check the network path to the stack, then try again.",
                place,
                exception);
        }

        var root = exception.GetBaseException();
        return new AzsException(
            AzsErrorKind.ConnectionFailed,
            "StackUnreachable",
            $"{place} could not be reached: {root.Message}",
            "Check the address, name resolution and the network path to the stack.",
            place,
            exception);
    }

    /// <summary>The first exception of a type among an exception and its causes; null if there is none.</summary>
    public static T? Find<T>(Exception? exception) where T : Exception => exception switch
    {
        null => null,
        T found => found,
        AggregateException several => several.InnerExceptions.Select(Find<T>).FirstOrDefault(found => found is not null),
        _ => Find<T>(exception.InnerException),
    };
}
