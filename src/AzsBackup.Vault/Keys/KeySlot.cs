using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Keys;

/// <summary>A key slot as it is stored (FORMAT.md §3). Holds no key that is not wrapped.</summary>
internal abstract record KeySlot
{
    public const int CurrentFormat = 1;
    public const int SaltLength = 32;
    public const int TagLength = 16;

    [JsonPropertyName("slotVersion")]
    [JsonPropertyOrder(-4)]
    public required int Format { get; init; }

    [JsonPropertyOrder(-3)]
    public required string Id { get; init; }

    [JsonPropertyOrder(-2)]
    public required string Kind { get; init; }

    [JsonPropertyOrder(-1)]
    public required string CreatedAt { get; init; }

    [JsonPropertyOrder(1)]
    public required byte[] Nonce { get; init; }

    /// <summary>The master key, encrypted, and the tag.</summary>
    [JsonPropertyOrder(2)]
    public required byte[] Wrapped { get; init; }

    /// <summary>Whether all members are there, and as long as they have to be.</summary>
    [JsonIgnore]
    public virtual bool IsWhole =>
        Id is not null && ObjectNames.IsId(Id) && CreatedAt is not null && JsonTime.TryRead(CreatedAt, out _)
        && Nonce is { Length: 12 } && Wrapped is { Length: VaultKeys.Length + TagLength };

    /// <summary>The members that only this kind has, as the lines that bind them.</summary>
    [JsonIgnore]
    protected abstract IEnumerable<string> OwnLines { get; }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, GetType(), VaultJson.Readable);

    /// <summary>Reads a slot; <see langword="null"/> if it is damaged or of a kind or version this one does not know.</summary>
    public static KeySlot? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            // The kind first: it says which other members there are.
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("slotVersion", out var version) || version.ValueKind != JsonValueKind.Number
                || !version.TryGetInt32(out int number) || number != CurrentFormat
                || !document.RootElement.TryGetProperty("kind", out var kind) || kind.ValueKind != JsonValueKind.String)
            {
                return null;
            }

            KeySlot? slot = kind.GetString() switch
            {
                PassphraseSecret.Kind => JsonSerializer.Deserialize<PassphraseSlot>(json.Span, VaultJson.Readable),
                CertificateSecret.Kind => JsonSerializer.Deserialize<CertificateSlot>(json.Span, VaultJson.Readable),
                RecoveryKeySecret.Kind => JsonSerializer.Deserialize<RecoveryKeySlot>(json.Span, VaultJson.Readable),
                _ => null,
            };
            return slot is { IsWhole: true } ? slot : null;
        }
        catch (Exception exception) when (VaultJson.IsUnreadable(exception))
        {
            return null;
        }
    }

    /// <summary>What the wrapped key is bound to: everything in the slot but the wrapping itself, and the vault.</summary>
    public byte[] Binding(Guid vaultId)
    {
        var lines = new StringBuilder("AzsBackup key slot\n");
        lines.Append(CultureInfo.InvariantCulture, $"{Format}\n{vaultId:D}\n{Id}\n{Kind}\n{CreatedAt}\n");
        foreach (string line in OwnLines)
            lines.Append(line).Append('\n');
        return Encoding.UTF8.GetBytes(lines.ToString());
    }

    /// <summary>Fills in <see cref="Wrapped"/>.</summary>
    public void Wrap(ReadOnlySpan<byte> wrappingKey, ReadOnlySpan<byte> masterKey, Guid vaultId)
    {
        using var aes = new AesGcm(wrappingKey, TagLength);
        aes.Encrypt(Nonce, masterKey, Wrapped.AsSpan(0, VaultKeys.Length), Wrapped.AsSpan(VaultKeys.Length), Binding(vaultId));
    }

    /// <summary>Unwraps the master key, if the wrapping key is the right one.</summary>
    public bool TryUnwrap(ReadOnlySpan<byte> wrappingKey, Guid vaultId, Span<byte> masterKey)
    {
        using var aes = new AesGcm(wrappingKey, TagLength);
        try
        {
            aes.Decrypt(Nonce, Wrapped.AsSpan(0, VaultKeys.Length), Wrapped.AsSpan(VaultKeys.Length), masterKey, Binding(vaultId));
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }
}
