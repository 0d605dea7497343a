using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AzsBackup.Tests.Vault.Keys;

/// <summary>Certificates for tests: self-signed, as those for encryption mostly are.</summary>
internal static class TestCertificate
{
    /// <summary>One with an RSA key of its own.</summary>
    public static X509Certificate2 Make(string name = "Vault keeper", int bits = 2048, bool expired = false)
    {
        using var key = RSA.Create(bits);
        return Make(key, name, expired);
    }

    /// <summary>One for this key.</summary>
    public static X509Certificate2 Make(RSA key, string name, bool expired = false)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddYears(-2), expired ? now.AddYears(-1) : now.AddYears(1));
    }
}
