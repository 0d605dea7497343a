using System.Globalization;
using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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
        using var certificate = Load(fullPath, password);
        if (certificate.NotAfter.ToUniversalTime() < TimeProvider.System.GetUtcNow().UtcDateTime)
        {
            log.Warning(string.Create(
                CultureInfo.InvariantCulture,
                $"The certificate '{certificate.Subject}' expired on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}. It still opens the vault; add a newer one with Add-AzsBackupVaultKey, and keep this one's private key until then."));
        }

        return VaultSecret.FromCertificate(certificate);
    }

    private static X509Certificate2 Load(string path, SecureString? password)
    {
        try
        {
            var content = File.ReadAllBytes(path);
            if (content.AsSpan().IndexOf("-----BEGIN "u8) >= 0) return LoadPem(path, password);

            // Not left on the user's disk, which only macOS can't do without.
            var flags = OperatingSystem.IsMacOS() ? X509KeyStorageFlags.DefaultKeySet : X509KeyStorageFlags.EphemeralKeySet;
            return new X509Certificate2(content, password, flags);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new AzsException(
                AzsErrorKind.InvalidInput,
                "CertificateUnreadable",
                $"The certificate in '{path}' can't be used: {exception.Message}",
                "Check the file and its password; it must hold the certificate with its private key.",
                path,
                exception);
        }
    }

    private static X509Certificate2 LoadPem(string path, SecureString? password)
    {
        if (password is null) return X509Certificate2.CreateFromPemFile(path);
        var text = new char[password.Length];
        var native = Marshal.SecureStringToGlobalAllocUnicode(password);
        try
        {
            Marshal.Copy(native, text, 0, text.Length);
            return X509Certificate2.CreateFromEncryptedPemFile(path, text);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(native);
            text.AsSpan().Clear();
        }
    }
}
