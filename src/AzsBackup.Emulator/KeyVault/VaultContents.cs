using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.KeyVault;

/// <summary>The secrets of one vault, the newest version of each last.</summary>
internal sealed class VaultContents
{
    public SortedDictionary<string, List<SecretVersion>> Secrets { get; } = new(StringComparer.OrdinalIgnoreCase);

    public static VaultContents FromJson(JsonObject state)
    {
        VaultContents contents = new();
        foreach ((string name, JsonNode? versions) in state)
            contents.Secrets[name] = [.. versions!.AsArray().Select(version => SecretVersion.FromJson(version!))];
        return contents;
    }

    /// <summary>Everything, for a state file.</summary>
    public JsonObject ToJson() =>
        new(Secrets.Select(secret => KeyValuePair.Create(secret.Key, (JsonNode?)new JsonArray([.. secret.Value.Select(version => version.ToJson())]))));
}
