using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AzsBackup.Model;

namespace AzsBackup.Azure.Transport;

/// <summary>
/// Which servers to trust: those the system trusts, and those whose chain ends at a certificate of the user's CA file.
/// Stamps commonly have a CA of the company that the machine does not know. A certificate for another name never passes.
/// </summary>
internal sealed class CertificateTrust : IDisposable
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private readonly X509Certificate2Collection _authorities;

    private CertificateTrust(X509Certificate2Collection authorities) => _authorities = authorities;

    /// <summary>Trusts what the system trusts, and the certificates of a PEM or DER file if there is one.</summary>
    /// <exception cref="AzsException">The file is missing, unreadable, or holds no certificate.</exception>
    public static CertificateTrust Load(string? caCertificatePath)
    {
        var authorities = new X509Certificate2Collection();
        if (caCertificatePath is null) return new CertificateTrust(authorities);
        byte[] content;
        try
        {
            content = File.ReadAllBytes(caCertificatePath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var missing = exception is FileNotFoundException or DirectoryNotFoundException;
            throw new AzsException(
                missing ? AzsErrorKind.NotFound : AzsErrorKind.InvalidInput,
                missing ? "CaCertificateNotFound" : "CaCertificateUnreadable",
                $"The CA certificate file '{caCertificatePath}' {(missing ? "does not exist" : "can't be read: " + exception.Message)}.",
                "Give the path of the stack's root certificate, in PEM or DER form.",
                caCertificatePath,
                exception);
        }

        try
        {
            var text = System.Text.Encoding.UTF8.GetString(content);
            if (text.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal)) authorities.ImportFromPem(text);
            else authorities.Add(new X509Certificate2(content));
        }
        catch (CryptographicException exception)
        {
            throw new AzsException(
                AzsErrorKind.InvalidInput,
                "CaCertificateInvalid",
                $"The file '{caCertificatePath}' holds no certificate that can be read.",
                "Give the stack's root certificate in PEM or DER form.",
                caCertificatePath,
                exception);
        }

        return new CertificateTrust(authorities);
    }

    /// <summary>Decides about a server. Throws instead of answering no, because only so does the reason reach the caller.</summary>
    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None || IsVouchedFor(sender, certificate, chain, errors);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var authority in _authorities) authority.Dispose();
    }

    private bool IsVouchedFor(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            throw new UntrustedCertificateException("the server sent none.", isWrongName: false);
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            var name = (sender as SslStream)?.TargetHostName;
            throw new UntrustedCertificateException($"it was not issued for '{name}'.", isWrongName: true);
        }

        var reasons = ReasonsOf(chain);
        if (_authorities.Count == 0) throw new UntrustedCertificateException(reasons, isWrongName: false);

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        own.ChainPolicy.ExtraStore.AddRange(_authorities);
        if (chain is not null) own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        // A private CA's revocation lists are often not reachable from where the module runs, and the system check asks for none either.
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        using var presented = new X509Certificate2(certificate);
        var trusted = own.Build(presented);
        foreach (var element in own.ChainElements) element.Certificate.Dispose();
        if (!trusted)
        {
            throw new UntrustedCertificateException(
                $"neither the system nor the given CA file vouches for it ({ReasonsOf(own)}).", isWrongName: false);
        }

        return trusted;
    }

    private static string ReasonsOf(X509Chain? chain) => chain is null || chain.ChainStatus.Length == 0
        ? "its chain is not valid."
        : string.Join(", ", chain.ChainStatus.Select(status => status.Status).Distinct());
}
