using System.Text.Json;
using AzsBackup.Model;
using AzsBackup.Vault;
using AzsBackup.Vault.Settings;

namespace AzsBackup.Engine.Policies;

/// <summary>Into how many shares the runs of a policy are dealt out: whoever looks at a policy has to know whose records to read.</summary>
internal sealed class ShardLayout(BackupVault vault)
{
    private const string Kind = "policy-shards";

    private readonly VaultSettings _settings = new(vault);

    /// <summary>The shares of a policy: one that is null, for all VMs, where it is not dealt out.</summary>
    public async Task<IReadOnlyList<Shard?>> ReadAsync(string policyKey, CancellationToken cancellationToken)
    {
        var count = CountIn(await _settings.FindAsync(Kind, policyKey, cancellationToken).ConfigureAwait(false));
        return count == 0 ? [null] : [.. Enumerable.Range(1, count).Select(index => (Shard?)new Shard(index, count))];
    }

    /// <summary>Says how a policy is dealt out, unless that was said.</summary>
    public async Task SayAsync(string policyKey, Shard? shard, CancellationToken cancellationToken)
    {
        var there = await _settings.FindAsync(Kind, policyKey, cancellationToken).ConfigureAwait(false);
        var count = shard?.Count ?? 0;
        if (CountIn(there) == count && there is not { Damage: not null }) return;
        try
        {
            await _settings.WriteAsync(Kind, policyKey, JsonSerializer.SerializeToElement(new { count }), there?.Version ?? VaultSettings.NoVersion, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException changed) when (changed.ErrorId == "VaultSettingChanged")
        {
            // Another worker was quicker, and most likely said the same; if it did not, the next run says it anew.
        }
    }

    private static int CountIn(VaultSetting? setting) =>
        setting is { Removed: false, Damage: null } && setting.Content.TryGetProperty("count", out var count) && count.TryGetInt32(out var number) && number is >= 0 and <= 1000
            ? number
            : 0;
}
