using System.Text.Json;
using System.Text.Json.Serialization;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Keys;

/// <summary>A key slot as it is stored (FORMAT.md §3). Holds no key that is not wrapped.</summary>
internal sealed record KeySlot
{
    public const int CurrentFormat = 1;
    public const int TagLength = 16;

    [JsonPropertyName("slotVersion")]
    public required int Format { get; init; }

    public required string Id { get; init; }

    public required string Kind { get; init; }

    public required string CreatedAt { get; init; }

    public required string Kdf { get; init; }

    public required int Iterations { get; init; }

    public required byte[] Salt { get; init; }

    public required byte[] Nonce { get; init; }

    public required byte[] Wrapped { get; init; }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, VaultJson.Readable);

    /// <summary>Reads a slot; <see langword="null"/> if it is damaged or of a kind this version does not know.</summary>
    public static KeySlot? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<KeySlot>(json, VaultJson.Readable) is { Id: not null, Kind: not null, CreatedAt: not null, Salt: not null, Nonce: not null, Wrapped: not null } slot ? slot : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
