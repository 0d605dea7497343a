using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Inventory;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Tests.Engine.Fakes;

/// <summary>Makes captures in memory.</summary>
internal sealed class CaptureBuilder
{
    public const string Subscription = "/subscriptions/7d3e5f2a-1111-4222-8333-944455556666";

    private readonly Dictionary<string, JsonObject> _bodies = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, CaptureEntry> _entries = new(StringComparer.OrdinalIgnoreCase);

    public string Stack { get; init; } = "management.local.azurestack.external";

    public IReadOnlyList<string> Scopes { get; init; } = [Subscription];

    public int Count => _entries.Count;

    public static string Id(string group, string type, string name) => $"{Subscription}/resourceGroups/{group}/providers/{type}/{name}";

    public CaptureBuilder Add(string id, object? body = null, AzsCaptureStatus status = AzsCaptureStatus.Captured, string? reason = null)
    {
        var json = JsonSerializer.SerializeToNode(body ?? new { })!.AsObject();
        json["id"] = id;
        var file = status is AzsCaptureStatus.Captured or AzsCaptureStatus.Partial ? $"raw/{_entries.Count}.json" : null;
        var type = ResourceId.TryParse(id, out var parsed) ? parsed.Type : id[(id.IndexOf("/providers/", StringComparison.Ordinal) + 11)..];
        _entries[id] = new CaptureEntry { Id = id, Type = type, Status = status, Reason = reason, File = file, ApiVersion = "2018-11-01" };
        if (file is not null) _bodies[file] = json;
        return this;
    }

    public CaptureContent Build() => new(
        "memory",
        new CaptureManifest { Stack = Stack, Scopes = Scopes, CapturedAt = new DateTime(2026, 11, 23, 1, 2, 3, DateTimeKind.Utc), Resources = _entries.Values.OrderBy(entry => entry.Id, StringComparer.OrdinalIgnoreCase).ToList() },
        (file, _) => Task.FromResult(_bodies.TryGetValue(file, out var body) ? Encoding.UTF8.GetBytes(body.ToJsonString()) : null));

    public Task<ResourceInventory> ReadAsync() => ResourceInventory.ReadAsync(Build(), CancellationToken.None);
}
