using System.Text.Json.Serialization;

namespace AzsBackup.Vault.Keys;

/// <summary>A slot that a recovery key opens.</summary>
internal sealed record RecoveryKeySlot : KeySlot
{
    public required string Kdf { get; init; }

    public required byte[] Salt { get; init; }

    [JsonIgnore]
    public override bool IsWhole => base.IsWhole && Kdf is not null && Salt is { Length: SaltLength };

    [JsonIgnore]
    protected override IEnumerable<string> OwnLines => [Kdf, Convert.ToBase64String(Salt)];
}
