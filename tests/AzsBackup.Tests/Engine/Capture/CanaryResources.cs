using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Configuration;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Tests.Engine.Capture;

/// <summary>A stack that gives away every secret its models have a place for, in bodies and in what it says of failures.</summary>
internal sealed class CanaryResources(IResourceClient inner) : IResourceClient
{
    public const string Canary = "CaNaRy-4f1d";

    /// <summary>Places planted so far.</summary>
    public int Planted { get; private set; }

    public async Task<ResourceBody> GetAsync(ResourceId id, CancellationToken cancellationToken)
    {
        if (id.IsOfType("Microsoft.KeyVault/vaults"))
            throw new AzsException(AzsErrorKind.RemoteFailed, "StackFailed", $"{id}: cannot read https://a.blob/x?sv=1&sig={Canary}%3D with AccountKey={Canary}==;", "Wait.", id.ToString());
        return Plant(await inner.GetAsync(id, cancellationToken));
    }

    public Task<ResourceBody> GetWithInstanceViewAsync(ResourceId id, CancellationToken cancellationToken) => inner.GetWithInstanceViewAsync(id, cancellationToken);

    public async IAsyncEnumerable<ResourceBody> ListAsync(string path, string type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in inner.ListAsync(path, type, cancellationToken)) yield return type.EndsWith("/resources", StringComparison.Ordinal) ? item : Plant(item);
    }

    public Task<ResourceBody> PutAsync(ResourceId id, JsonObject body, CancellationToken cancellationToken) => inner.PutAsync(id, body, cancellationToken);

    public Task<JsonElement?> PostAsync(ResourceId id, string action, JsonObject? body, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"A capture never asks for {action}.");

    public Task DeleteAsync(ResourceId id, CancellationToken cancellationToken) => inner.DeleteAsync(id, cancellationToken);

    private ResourceBody Plant(ResourceBody body)
    {
        var planted = JsonNode.Parse(body.Json.GetRawText())!.AsObject();
        foreach (var path in ResourceTypeTable.Default.Find(body.Id.Type)?.Secrets ?? []) Plant(planted, PropertyPath.Parse(path).Segments);
        var properties = planted["properties"] as JsonObject ?? [];
        planted["properties"] = properties;
        properties["siteConfig"] = JsonNode.Parse($$$"""{"appSettings":[{"name":"a","value":"{{{Canary}}}"}],"connectionStrings":[{"name":"b","connectionString":"Server=x;Password={{{Canary}}}"}]}""");
        properties["somethingNew"] = JsonNode.Parse($$$"""{"uri":"https://b.blob/c?sp=r&sig={{{Canary}}}%2F%3D","command":"run --password '{{{Canary}}} {{{Canary}}}'","adminPassword":"{{{Canary}}}","serviceBusConnectionString":"{{{Canary}}}"}""");
        Planted += 6;
        return body with { Json = JsonSerializer.SerializeToElement(planted) };
    }

    private static void Plant(JsonObject parent, IReadOnlyList<string> path)
    {
        if (path.Count == 1)
        {
            parent[path[0]] = new JsonObject { ["anything"] = Canary };
            return;
        }

        if (path[1] == PropertyPath.Items)
        {
            var item = new JsonObject();
            Plant(item, [.. path.Skip(2)]);
            parent[path[0]] = new JsonArray(item);
            return;
        }

        if (parent[path[0]] is not JsonObject below) parent[path[0]] = below = [];
        Plant(below, [.. path.Skip(1)]);
    }
}
