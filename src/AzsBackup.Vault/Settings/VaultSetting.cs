using System.Text.Json;

namespace AzsBackup.Vault.Settings;

/// <summary>The newest version of something kept in the vault under a name.</summary>
public sealed record VaultSetting
{
    /// <summary>What sort of thing it is, as its writer calls it; empty if it can't be read.</summary>
    public required string Kind { get; init; }

    /// <summary>Its name; empty if it can't be read.</summary>
    public required string Name { get; init; }

    /// <summary>The number of this version, from 0.</summary>
    public required int Version { get; init; }

    /// <summary>When this version was made (UTC), by its maker's clock.</summary>
    public DateTime MadeAt { get; init; }

    /// <summary>Whether this version says that the setting is no more.</summary>
    public bool Removed { get; init; }

    /// <summary>What its maker gave: a JSON object; undefined if it can't be read.</summary>
    public JsonElement Content { get; init; }

    /// <summary>What can't be read of it, in one sentence; <see langword="null"/> if all is well.</summary>
    public string? Damage { get; init; }
}
