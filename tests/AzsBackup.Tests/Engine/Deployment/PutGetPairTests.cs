using System.Text;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Configuration;
using AzsBackup.Engine.Deployment;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Emulator.Estates;
using AzsBackup.Tests.Emulator.Replay;
using Xunit;

namespace AzsBackup.Tests.Engine.Deployment;

/// <summary>What somebody asked Azure for, and what Azure showed afterwards: the deployable form of the latter keeps the former.</summary>
public sealed class PutGetPairTests(ITestOutputHelper output)
{
    private int _values;

    private static readonly JsonNodeOptions AnyCase = new() { PropertyNameCaseInsensitive = true };

    [Fact]
    public async Task Plan_WhatAzureShows_KeepsWhatWasAskedFor()
    {
        var failures = new Dictionary<string, string>();
        var count = 0;
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(Material.Folder("put-get-pairs"), "pairs.share.jsonl"), TestContext.Current.CancellationToken))
        {
            var pair = (JsonObject)JsonNode.Parse(line, AnyCase)!;
            if (pair["put"] is not JsonObject put || pair["get"] is not JsonObject get || !ResourceId.TryParse((string?)get["id"], out var id)) continue;
            if (ResourceTypeTable.Default.Find(id.Type) is not { CanDeploy: true } type) continue;
            count++;
            var form = await FormAsync(id, get);
            var lost = form is null ? ["everything"] : Lost(put, get, form, "", [.. type.Writable]).ToList();
            if (form is not null) lost.AddRange(ReadOnly(type).Where(path => Has(form, path)).Select(path => $"{path} is read-only"));
            if (lost.Count > 0) failures[$"{count:000} {id.Type} {id.Name}"] = string.Join(", ", lost);
        }

        output.WriteLine($"{count - failures.Count} of {count} pairs keep all that was asked for, {_values} values.");
        HeldFailures.AssertHeld("put-get-pairs.json", failures);
        Assert.True(_values >= 5000, $"Only {_values} values were compared.");
        Assert.True(count >= 500 && failures.Count * 50 <= count, $"{failures.Count} of {count} failed.");
    }

    private static async Task<JsonObject?> FormAsync(ResourceId id, JsonObject get)
    {
        var manifest = new CaptureManifest
        {
            Stack = "management.azure.com",
            Scopes = ["/subscriptions/" + id.SubscriptionId],
            CapturedAt = DateTime.UnixEpoch,
            Resources = [new CaptureEntry { Id = id.ToString(), Type = id.Type, Status = AzsCaptureStatus.Captured, File = "raw/it.json" }],
        };
        var content = new CaptureContent("pair", manifest, (_, _) => Task.FromResult<byte[]?>(Encoding.UTF8.GetBytes(get.ToJsonString())));
        var plan = await DeploymentPlanner.PlanAsync(content, new DeploymentOptions(), TestContext.Current.CancellationToken);
        var resource = plan.Parts.SelectMany(part => part.Resources).FirstOrDefault(resource => resource.Id.Equals(id));
        return resource is null ? null : (JsonObject)JsonNode.Parse(ArmTemplate.WriteResource(resource, []).ToJsonString(), AnyCase)!;
    }

    private static IEnumerable<string> ReadOnly(ResourceTypeDescription type) =>
        type.ReadOnly.Flagged.Concat(type.ReadOnly.FlaggedLater).Except(type.ReadOnly.FlaggedOnGetButWritable).Except(type.Writable);

    private static bool Has(JsonNode? node, string path)
    {
        IEnumerable<JsonNode?> at = [node];
        foreach (var segment in PropertyPath.Parse(path).Segments) at = segment == PropertyPath.Items ? at.OfType<JsonArray>().SelectMany(list => list) : at.OfType<JsonObject>().Select(map => map[segment]);
        return at.Any(found => found is not null);
    }

    // Paths of the form of the type table at which the form does not say what the GET says, though the PUT did.
    private IEnumerable<string> Lost(JsonNode put, JsonNode get, JsonNode? form, string path, HashSet<string> writable)
    {
        if (!IsMeant(path, writable)) yield break;
        switch (put, get)
        {
            case (JsonObject asked, JsonObject shown):
                foreach (var (name, value) in asked)
                {
                    var below = path.Length == 0 ? name : $"{path}.{name}";
                    if (value is null || shown[name] is not { } seen || IsEmpty(value) || IsExempt(below, shown)) continue;
                    foreach (var lost in Lost(value, seen, (form as JsonObject)?[name], below, writable)) yield return lost;
                }

                break;
            case (JsonArray asked, JsonArray shown):
                for (var i = 0; i < asked.Count; i++)
                {
                    var at = shown.ToList().FindIndex(item => item is JsonObject named && asked[i] is JsonObject wished && named["name"] is { } name && wished["name"] is { } wish && (string?)name == (string?)wish);
                    if (at < 0) at = i;
                    if (at >= shown.Count || asked[i] is null) continue;
                    foreach (var lost in Lost(asked[i]!, shown[at]!, (form as JsonArray)?.ElementAtOrDefault(at), path + "[]", writable)) yield return lost;
                }

                break;
            default:
                _values++;
                if (form is null || !(IsExpression(form) || JsonNode.DeepEquals(form, get))) yield return path;
                break;
        }
    }

    // A machine that is made of an image makes its disks; an address that is given dynamically is not asked for.
    private static bool IsExempt(string path, JsonObject shown) =>
        path.EndsWith("isk.managedDisk", StringComparison.OrdinalIgnoreCase) || path.EndsWith("isks[].managedDisk", StringComparison.OrdinalIgnoreCase)
        || path.Equals("properties.virtualNetworkPeerings", StringComparison.OrdinalIgnoreCase)
        || (path.EndsWith(".privateIPAddress", StringComparison.OrdinalIgnoreCase) && !"Static".Equals((string?)shown["privateIPAllocationMethod"], StringComparison.OrdinalIgnoreCase));

    private static bool IsMeant(string path, HashSet<string> writable) => path.Length == 0 || writable.Any(known =>
        known.Equals(path, StringComparison.OrdinalIgnoreCase) || known.StartsWith(path + ".", StringComparison.OrdinalIgnoreCase) || known.StartsWith(path + "[", StringComparison.OrdinalIgnoreCase)
        || (known.EndsWith(".*", StringComparison.Ordinal) && path.StartsWith(known[..^1], StringComparison.OrdinalIgnoreCase)));

    private static bool IsEmpty(JsonNode value) => value is JsonObject { Count: 0 } or JsonArray { Count: 0 };

    private static bool IsExpression(JsonNode form) => form is JsonValue value && value.TryGetValue<string>(out var text) && text.StartsWith('[');
}
