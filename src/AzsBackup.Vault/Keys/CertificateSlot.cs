using System.Text;
using System.Text.Json.Serialization;

namespace AzsBackup.Vault.Keys;

/// <summary>A slot that the private key of a certificate opens.</summary>
internal sealed record CertificateSlot : KeySlot
{
    public required string Scheme { get; init; }

    /// <summary>Which key: hex of the SHA-256 of its SubjectPublicKeyInfo. A certificate renewed with the same key opens the slot, too.</summary>
    public required string PublicKey { get; init; }

    /// <summary>The wrapping key, encrypted to the public key.</summary>
    public required byte[] EncryptedKey { get; init; }

    /// <summary>Made with the private key over <see cref="SignedLines"/>: anybody can encrypt to a public key.</summary>
    [JsonPropertyOrder(3)]
    public byte[] Signature { get; set; } = [];

    [JsonIgnore]
    public override bool IsWhole =>
        base.IsWhole && Scheme is not null && PublicKey is { Length: 64 } && EncryptedKey is not null && Signature is { Length: > 0 };

    [JsonIgnore]
    protected override IEnumerable<string> OwnLines => [Scheme, PublicKey, Convert.ToBase64String(EncryptedKey)];

    /// <summary>What the signature covers: the whole slot, and the vault.</summary>
    public byte[] SignedLines(Guid vaultId) =>
        [.. Binding(vaultId), .. Encoding.ASCII.GetBytes($"{Convert.ToBase64String(Nonce)}\n{Convert.ToBase64String(Wrapped)}\n")];
}
