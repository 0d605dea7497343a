using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AzsBackup.Model;
using AzsBackup.Vault.Keys;

namespace AzsBackup.Azure.Connections;

/// <summary>Reads certificates from files.</summary>
public static class CertificateFile
{
    /// <summary>The certificate in a file, with its private key where the file has one.</summary>
    /// <param name="path">The full path of a PFX file, or of a PEM file with certificate and private key.</param>
    /// <param name="password">The file's password, if it has one.</param>
    /// <exception cref="AzsException"><c>CertificateUnreadable</c>: no such file, no certificate, or another password.</exception>
    public static X509Certificate2 Open(string path, SecureString? password)
    {
        try
        {
            var content = File.ReadAllBytes(path);
            if (content.AsSpan().IndexOf("-----BEGIN "u8) >= 0) return OpenPem(path, password);

            // Not left on the user's disk, which only macOS can't do without.
            var flags = OperatingSystem.IsMacOS() ? X509KeyStorageFlags.DefaultKeySet : X509KeyStorageFlags.EphemeralKeySet;
            return new X509Certificate2(content, password, flags);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Unreadable(path, exception.Message, exception);
        }
    }

    internal static AzsException Unreadable(string path, string reason, Exception? inner = null) => new(
        AzsErrorKind.InvalidInput,
        "CertificateUnreadable",
        $"The certificate in '{path}' can't be used: {reason}",
        "Check the file and its password; it must hold the certificate with its private key.",
        path,
        inner);

    private static X509Certificate2 OpenPem(string path, SecureString? password)
    {
        if (password is null) return X509Certificate2.CreateFromPemFile(path);
        var text = SecureText.Read(password);
        try
        {
            return X509Certificate2.CreateFromEncryptedPemFile(path, text);
        }
        finally
        {
            text.AsSpan().Clear();
        }
    }
}
