using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AzsBackup.Model;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Keys;

/// <summary>The private key of a certificate, and the slots it makes and opens: RSA-OAEP, then AES-256-GCM, signed with RSA-PSS (FORMAT.md §3).</summary>
internal sealed class CertificateSecret : VaultSecret
{
    public const string Kind = "certificate";

    private const string Scheme = "RSA-OAEP-SHA256";
    private const int MinimumKeySize = 2048;

    private readonly RSA _key;
    private readonly string _publicKey;
    private readonly string _subject;

    public CertificateSecret(X509Certificate2 certificate)
    {
        _subject = certificate.Subject;
        try
        {
            _key = certificate.GetRSAPrivateKey() ?? throw VaultErrors.CertificateUnsuitable(_subject, "it has no RSA private key.");
        }
        catch (CryptographicException exception)
        {
            throw VaultErrors.CertificateUnsuitable(_subject, "its private key is out of reach.", exception);
        }

        if (_key.KeySize < MinimumKeySize)
        {
            _key.Dispose();
            throw VaultErrors.CertificateUnsuitable(_subject, $"its key is shorter than {MinimumKeySize} bits.");
        }

        _publicKey = Convert.ToHexString(SHA256.HashData(_key.ExportSubjectPublicKeyInfo())).ToLowerInvariant();
    }

    internal override bool MayOpen(KeySlot slot) =>
        slot is CertificateSlot { Scheme: Scheme } certificate && certificate.PublicKey == _publicKey
        && certificate.EncryptedKey.Length == _key.KeySize / 8 && certificate.Signature.Length == _key.KeySize / 8;

    internal override AzsException Refused(string location) => VaultErrors.WrongCertificate(_subject, location);

    internal override bool TryUnwrap(KeySlot slot, Guid vaultId, Span<byte> masterKey)
    {
        // Whoever has the certificate can wrap a key of his own for it, and would so learn what is written from then on:
        // only a slot made by the owner of the private key counts.
        if (!MayOpen(slot) || slot is not CertificateSlot certificate
            || !_key.VerifyData(certificate.SignedLines(vaultId), certificate.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss))
        {
            return false;
        }

        byte[] wrappingKey = [];
        try
        {
            wrappingKey = _key.Decrypt(certificate.EncryptedKey, RSAEncryptionPadding.OaepSHA256);
            return wrappingKey.Length == VaultKeys.Length && slot.TryUnwrap(wrappingKey, vaultId, masterKey);
        }
        catch (CryptographicException exception)
        {
            // The slot is whole and for this key: so it is the key that can't be used to decrypt.
            throw VaultErrors.CertificateUnsuitable(_subject, "its private key refuses to decrypt.", exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(wrappingKey);
        }
    }

    private protected override KeySlot Make(ReadOnlySpan<byte> masterKey, Guid vaultId, VaultRuntime runtime)
    {
        byte[] nonce = new byte[12];
        byte[] wrappingKey = new byte[VaultKeys.Length];
        runtime.Random.Fill(nonce);
        runtime.Random.Fill(wrappingKey);
        try
        {
            var slot = new CertificateSlot
            {
                Format = KeySlot.CurrentFormat,
                Id = runtime.Random.NewId(),
                Kind = Kind,
                CreatedAt = JsonTime.Write(runtime.Time.GetUtcNow().UtcDateTime),
                Scheme = Scheme,
                PublicKey = _publicKey,
                EncryptedKey = _key.Encrypt(wrappingKey, RSAEncryptionPadding.OaepSHA256),
                Nonce = nonce,
                Wrapped = new byte[VaultKeys.Length + KeySlot.TagLength],
            };
            slot.Wrap(wrappingKey, masterKey, vaultId);
            slot.Signature = _key.SignData(slot.SignedLines(vaultId), HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
            return slot;
        }
        catch (CryptographicException exception)
        {
            throw VaultErrors.CertificateUnsuitable(_subject, "its private key refuses to sign.", exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(wrappingKey);
        }
    }

    private protected override void Dispose(bool disposing) => _key.Dispose();
}
