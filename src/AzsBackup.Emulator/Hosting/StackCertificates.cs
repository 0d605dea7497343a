using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AzsBackup.Emulator.Hosting;

/// <summary>A certification authority made for one stack, and the server certificate it issued. The authority's key is forgotten at once.</summary>
internal static class StackCertificates
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <param name="domain">The stack's domain with its region.</param>
    /// <returns>The authority's certificate in PEM, and the server's with its key in PKCS#12.</returns>
    public static (string Authority, byte[] Server) Create(string domain)
    {
        // Certificates are checked by clients against the real time, whatever the stack's clock says.
        DateTimeOffset from = TimeProvider.System.GetUtcNow().AddDays(-1);
        DateTimeOffset until = from.AddYears(1);
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest authorityRequest = new($"CN=Emulated stack {domain} root", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        X509SubjectKeyIdentifierExtension authorityId = new(authorityRequest.PublicKey, false);
        authorityRequest.CertificateExtensions.Add(authorityId);
        using X509Certificate2 authority = authorityRequest.CreateSelfSigned(from, until);

        using ECDsa serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN=management.{domain}", serverKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(authorityId));
        request.CertificateExtensions.Add(Names(domain));
        using X509Certificate2 bare = request.Create(authority, from, until, RandomNumberGenerator.GetBytes(16));
        using X509Certificate2 withKey = bare.CopyWithPrivateKey(serverKey);
        // Windows serves TLS only with keys that went through a PKCS#12 file.
        return (authority.ExportCertificatePem(), withKey.Export(X509ContentType.Pfx));
    }

    private static X509Extension Names(string domain)
    {
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        names.AddDnsName("localhost");
        foreach (string host in (string[])["management", "portal", "adfs", "login", "graph", "*.blob", "*.queue", "*.table", "*.vault"])
            names.AddDnsName($"{host}.{domain}");
        return names.Build();
    }
}
