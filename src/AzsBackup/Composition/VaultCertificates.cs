using System.Globalization;
using System.Security;
using AzsBackup.Azure.Connections;
using AzsBackup.Engine.Running;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Composition;

/// <summary>Opens the files of certificates that open vaults.</summary>
internal static class VaultCertificates
{
    /// <summary>The secret in a file. A certificate that has expired opens what it always opened; the log is told.</summary>
    /// <param name="fullPath">A PFX file, or a PEM file with certificate and private key.</param>
    /// <param name="password">The file's password, if it has one.</param>
    /// <param name="log">Where warnings go.</param>
    /// <exception cref="AzsException"><c>CertificateUnreadable</c>, <c>VaultCertificateUnsuitable</c>.</exception>
    public static VaultSecret Open(string fullPath, SecureString? password, IRunLog log)
    {
        using var certificate = CertificateFile.Open(fullPath, password);
        if (certificate.NotAfter.ToUniversalTime() < TimeProvider.System.GetUtcNow().UtcDateTime)
        {
            log.Warning(string.Create(
                CultureInfo.InvariantCulture,
                $"The certificate '{certificate.Subject}' expired on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}. It still opens the vault; add a newer one with Add-AzsBackupVaultKey, and keep this one's private key until then."));
        }

        return VaultSecret.FromCertificate(certificate);
    }
}
