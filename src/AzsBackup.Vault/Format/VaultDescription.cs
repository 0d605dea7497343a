using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AzsBackup.Vault.Format;

/// <summary>vault.json (FORMAT.md §2).</summary>
internal sealed record VaultDescription
{
    /// <summary>More than any vault.json of any version has, in bytes.</summary>
    public const int MaximumLength = 64 << 10;

    public const string FormatName = "AzsBackup vault";
    public const string Zstd = "zstd";
    public const string AesGcm = "AES-256-GCM";
    public const string NoEncryption = "none";

    public required string Format { get; init; }

    public required int FormatVersion { get; init; }

    public required string Id { get; init; }

    public required string CreatedAt { get; init; }

    public required int ChunkSize { get; init; }

    public required string Compression { get; init; }

    public required string Encryption { get; init; }

    /// <summary>Hex of the check over <see cref="CheckedLines"/>.</summary>
    public required string Check { get; init; }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, VaultJson.Readable);

    /// <summary>What the check covers.</summary>
    public byte[] CheckedLines() => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{Format}\n{FormatVersion}\n{Id}\n{CreatedAt}\n{ChunkSize}\n{Compression}\n{Encryption}\n"));

    /// <summary>Reads vault.json. Whether its check is right can be told only with the keys.</summary>
    /// <exception cref="Model.AzsException"><c>VaultDamaged</c>, <c>VaultFormatTooNew</c>.</exception>
    public static VaultDescription Read(ReadOnlyMemory<byte> json, string location)
    {
        try
        {
            // The version first: a newer vault.json may have any other members.
            using (var document = JsonDocument.Parse(json))
            {
                if (document.RootElement.ValueKind != JsonValueKind.Object
                    || !document.RootElement.TryGetProperty("format", out var format) || format.ValueKind != JsonValueKind.String || !format.ValueEquals(FormatName)
                    || !document.RootElement.TryGetProperty("formatVersion", out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt64(out long number)
                    || number < 1)
                {
                    throw VaultErrors.Damaged(location, "it does not say that it is one.");
                }

                if (number > BackupVault.FormatVersion)
                    throw VaultErrors.FormatTooNew(location, number);
            }

            var description = JsonSerializer.Deserialize<VaultDescription>(json.Span, VaultJson.Readable);
            return description is { Compression: Zstd, Encryption: AesGcm or NoEncryption, Check: not null }
                && Guid.TryParseExact(description.Id, "D", out var id) && description.Id == id.ToString("D")
                && description.CreatedAt is { } createdAt && JsonTime.TryRead(createdAt, out _)
                && VaultOptions.IsChunkSize(description.ChunkSize)
                    ? description
                    : throw VaultErrors.Damaged(location, "a value is not one that a vault can have.");
        }
        catch (Exception exception) when (VaultJson.IsUnreadable(exception))
        {
            throw VaultErrors.Damaged(location, "it is not complete.", exception);
        }
    }
}
