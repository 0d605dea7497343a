using AzsBackup.Azure.Transport;
using AzsBackup.Model;

namespace AzsBackup.Azure.Connections;

/// <summary>Puts the identity library's refusals in the user's words.</summary>
internal static class SignInFailure
{
    /// <summary>
    /// The failure as the user should see it: the first line of what the issuer said (AADSTS… or MSIS…). The library's exception
    /// is not kept as the cause: its text quotes the issuer's whole answer.
    /// </summary>
    public static AzsException Explain(Exception exception, StackMetadata metadata)
    {
        if (NetworkFailure.Find<AzsException>(exception) is { } known) return known;
        var said = NetworkFailure.Find<Microsoft.Identity.Client.MsalException>(exception)?.Message ?? exception.Message;
        var line = said.AsSpan().Trim();

        // The library puts advice of its own before some refusals; the issuer's words begin with their code.
        if (line.IndexOf("AADSTS", StringComparison.Ordinal) is var entra and > 0) line = line[entra..];
        if (line.IndexOf("MSIS", StringComparison.Ordinal) is var adfs and > 0) line = line[adfs..];
        if (line.IndexOfAny('\r', '\n') is var end and >= 0) line = line[..end];
        return new AzsException(
            AzsErrorKind.AuthenticationFailed,
            "SignInRefused",
            $"{metadata.LoginEndpoint.Host} refused the sign-in: {line}",
            "Check the directory, the application or user, and its secret; secrets and certificates expire.",
            metadata.LoginEndpoint.AbsoluteUri);
    }
}
