using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Tests.Engine.Capture;

/// <summary>
/// The same resources as a stack gives them that has another mood: lists in another order, properties in another order, ids in
/// another case, other etags. Counts requests, and can do something before each.
/// </summary>
internal sealed class VariedResources(IResourceClient inner, int seed) : IResourceClient
{
    private int _requests;

    public int Requests => _requests;

    /// <summary>Called before a request, with its path.</summary>
    public Func<string, Task> OnRequest { get; set; } = _ => Task.CompletedTask;

    public async Task<ResourceBody> GetAsync(ResourceId id, CancellationToken cancellationToken)
    {
        await SeeAsync(id.ToString());
        return Vary(await inner.GetAsync(id, cancellationToken), new Random(seed));
    }

    public Task<ResourceBody> GetWithInstanceViewAsync(ResourceId id, CancellationToken cancellationToken) => inner.GetWithInstanceViewAsync(id, cancellationToken);

    public async IAsyncEnumerable<ResourceBody> ListAsync(string path, string type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await SeeAsync(path);
        var random = new Random(seed);
        var items = new List<ResourceBody>();
        await foreach (var item in inner.ListAsync(path, type, cancellationToken)) items.Add(Vary(item, random));
        var order = items.ToArray();
        random.Shuffle(order);
        foreach (var item in order) yield return item;
    }

    public Task<ResourceBody> PutAsync(ResourceId id, JsonObject body, CancellationToken cancellationToken) => inner.PutAsync(id, body, cancellationToken);

    public Task<JsonElement?> PostAsync(ResourceId id, string action, JsonObject? body, CancellationToken cancellationToken) => inner.PostAsync(id, action, body, cancellationToken);

    public Task DeleteAsync(ResourceId id, CancellationToken cancellationToken) => inner.DeleteAsync(id, cancellationToken);

    private Task SeeAsync(string path)
    {
        Interlocked.Increment(ref _requests);
        return OnRequest(path);
    }

    private static ResourceBody Vary(ResourceBody body, Random random)
    {
        var varied = JsonSerializer.SerializeToElement(Vary(JsonNode.Parse(body.Json.GetRawText()), random));
        return body with { Id = ResourceId.Parse(Respell(body.Id.ToString(), random)), Json = varied };
    }

    private static JsonNode? Vary(JsonNode? node, Random random)
    {
        switch (node)
        {
            case JsonObject parent:
                var properties = parent.ToArray();
                random.Shuffle(properties);
                var varied = new JsonObject();
                foreach (var (name, value) in properties) varied[name] = name == "etag" ? JsonValue.Create($"W/\"{random.Next()}\"") : Vary(value, random);
                return varied;
            case JsonArray list:
                return new JsonArray([.. list.Select(item => Vary(item, random))]);
            case JsonValue value when value.TryGetValue<string>(out var text):
                return JsonValue.Create(Respell(text, random));
            default:
                return node?.DeepClone();
        }
    }

    // Subscription, group, provider and the top-level name, each in one of the cases that providers were seen to use.
    private static string Respell(string text, Random random)
    {
        if (!text.StartsWith("/subscriptions/", StringComparison.Ordinal) || !ResourceId.TryParse(text, out var id) || id.ResourceGroupName is null) return text;
        var parts = text.Split('/');
        for (var i = 1; i < parts.Length && i <= 8; i++)
        {
            parts[i] = random.Next(3) switch { 0 => parts[i].ToUpperInvariant(), 1 => parts[i].ToLowerInvariant(), _ => parts[i] };
        }

        return string.Join('/', parts);
    }
}
