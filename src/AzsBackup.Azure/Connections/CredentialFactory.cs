using System.Net;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using AzsBackup.Azure.Transport;
using AzsBackup.Model;
using Azure.Core;
using Azure.Identity;

namespace AzsBackup.Azure.Connections;

/// <summary>Makes the identity library's credentials, in the shape that both Entra ID and AD FS accept.</summary>
internal sealed class CredentialFactory(StackTransport transport, TimeProvider clock)
{
    /// <summary>Azure PowerShell's public client, which stamps know (recorded in manageiq's traffic with one).</summary>
    private const string PublicClientId = "1950a258-227b-4e31-a9cf-717495945fc2";

    /// <summary>The credential of a sign-in.</summary>
    /// <exception cref="AzsException">Something is missing, or the certificate can't be used.</exception>
    public TokenCredential Make(StackCredential credential, StackMetadata metadata, StackAuthority authority) => new NoCaeCredential(credential switch
    {
        ClientSecretSignIn secret => new ClientSecretCredential(
            TenantOf(authority), ClientIdOf(secret.ClientId, null), SecretOf(secret),
            Configure(new ClientSecretCredentialOptions { DisableInstanceDiscovery = !authority.IsMicrosofts }, authority)),
        ClientCertificateSignIn certificate => new ClientCertificateCredential(
            TenantOf(authority), ClientIdOf(certificate.ClientId, certificate.Path), LoadCertificate(certificate),
            Configure(new ClientCertificateCredentialOptions { DisableInstanceDiscovery = !authority.IsMicrosofts }, authority)),
        DeviceCodeSignIn device => new DeviceCodeCredential(Configure(
            new DeviceCodeCredentialOptions
            {
                ClientId = PublicClientId,
                TenantId = authority.TenantId ?? "organizations",
                DisableInstanceDiscovery = !authority.IsMicrosofts,
                DeviceCodeCallback = (code, cancellationToken) => device.Prompt(code.Message, cancellationToken),
            },
            authority)),
        AccessTokenSignIn token => new FixedTokenCredential(Reveal(token.Token), clock),
        BorrowedTokenSignIn borrowed => new BorrowedTokenCredential(borrowed.Borrow, metadata.Audience, clock),
        _ => throw new ArgumentException($"{credential.GetType().Name} is no known way to sign in.", nameof(credential)),
    });

    private static string Reveal(SecureString secret) => new NetworkCredential("", secret).Password;

    private static string TenantOf(StackAuthority authority)
    {
        if (authority.TenantId is not { } tenant)
        {
            throw new AzsException(
                AzsErrorKind.InvalidInput,
                "TenantIdMissing",
                "The stack uses Entra ID and does not say which directory to sign in to.",
                "Give the directory with -TenantId.");
        }

        return tenant.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_') ? tenant : throw new AzsException(
            AzsErrorKind.InvalidInput,
            "TenantIdMalformed",
            $"'{tenant}' is neither the id nor the domain of a directory.",
            "Give the directory with -TenantId, by its id or one of its domains.",
            tenant);
    }

    private static string ClientIdOf(string? clientId, string? path) => !string.IsNullOrWhiteSpace(clientId) ? clientId : throw new AzsException(
        AzsErrorKind.InvalidInput,
        "ClientIdMissing",
        "The sign-in does not say which application signs in.",
        "Give the application's id as well.",
        path);

    private static string SecretOf(ClientSecretSignIn signIn) => signIn.Secret.Length > 0 ? Reveal(signIn.Secret) : throw new AzsException(
        AzsErrorKind.InvalidInput,
        "ClientSecretMissing",
        $"The secret of application {signIn.ClientId} is empty.",
        "Give the application's secret.",
        signIn.ClientId);

    private static X509Certificate2 LoadCertificate(ClientCertificateSignIn signIn)
    {
        if (!File.Exists(signIn.Path))
        {
            throw new AzsException(
                AzsErrorKind.NotFound,
                "CertificateNotFound",
                $"The certificate file '{signIn.Path}' does not exist.",
                "Give the path of a PFX file, or of a PEM file with certificate and private key.",
                signIn.Path);
        }

        var certificate = CertificateFile.Open(signIn.Path, signIn.Password);
        if (certificate.HasPrivateKey) return certificate;
        certificate.Dispose();
        throw CertificateFile.Unreadable(signIn.Path, "It has no private key.");
    }

    private T Configure<T>(T options, StackAuthority authority) where T : TokenCredentialOptions
    {
        options.AuthorityHost = authority.Host;
        return transport.Configure(options, RetryLimits.SignIn);
    }
}
