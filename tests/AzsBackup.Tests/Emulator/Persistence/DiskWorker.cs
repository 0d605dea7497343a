using System.Text.Json.Nodes;
using Xunit;

namespace AzsBackup.Tests.Emulator.Persistence;

/// <summary>Makes, tags, snapshots and deletes disks of its own. A resource is known by a tag; null is none.</summary>
internal sealed class DiskWorker(string prefix, int seed) : IKilledWorker
{
    private const string Version = "?api-version=2019-07-01";

    private readonly Random _random = new(seed);
    private readonly Dictionary<string, string?> _tags = new(StringComparer.Ordinal);
    private int _last;
    private (string Id, string? Tag)? _pending;

    public async Task StepAsync(StackClient client, CancellationToken cancellationToken)
    {
        int number = _random.Next(4);
        string disk = client.Id("Microsoft.Compute/disks", prefix + number);
        string snapshot = client.Id("Microsoft.Compute/snapshots", prefix + number);
        bool isSnapshot = _random.Next(3) == 0 && _tags.GetValueOrDefault(disk) is not null;
        string id = isSnapshot ? snapshot : disk;
        string tag = (++_last).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (_tags.GetValueOrDefault(id) is not null && _random.Next(3) == 0)
        {
            _pending = (id, null);
            await SendAsync(client, HttpMethod.Delete, id, null);
            _tags[id] = null;
            await SettleAsync(client, id, cancellationToken);
        }
        else
        {
            _pending = (id, tag);
            string creation = isSnapshot ? $$"""{"createOption":"Copy","sourceResourceId":"{{disk}}"}""" : """{"createOption":"Empty"}""";
            await SendAsync(client, HttpMethod.Put, id, $$$"""{"location":"local","tags":{"n":"{{{tag}}}"},"properties":{"diskSizeGB":1,"creationData":{{{creation}}}}}""");
            _tags[id] = tag;
        }

        _pending = null;
    }

    public async Task VerifyAsync(StackClient client, CancellationToken cancellationToken)
    {
        foreach (string id in _tags.Keys.Append(_pending?.Id).OfType<string>().Distinct().ToList())
        {
            string? acknowledged = _tags.GetValueOrDefault(id);
            string? actual = await SettleAsync(client, id, cancellationToken);
            Assert.True(actual == acknowledged || (_pending?.Id == id && actual == _pending.Value.Tag), $"{id} has the tag {actual ?? "of nobody"}, not {acknowledged ?? "of nobody"}.");
            _tags[id] = actual;
        }

        _pending = null;
    }

    private static async Task SendAsync(StackClient client, HttpMethod method, string id, string? body)
    {
        (int status, JsonNode? answer) = await client.SendAsync(method, id + Version, body);
        Assert.True(status is 200 or 201 or 202, $"{method} {id}: {status} {answer?.ToJsonString()}");
    }

    /// <summary>Waits until no operation is under way on a resource; gives its tag, or null when it is not there.</summary>
    private static async Task<string?> SettleAsync(StackClient client, string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            (int status, JsonNode? body) = await client.SendAsync(HttpMethod.Get, id + Version);
            if (status == 404)
                return null;
            Assert.Equal(200, status);
            string state = body!["properties"]!["provisioningState"]!.GetValue<string>();
            Assert.NotEqual("Failed", state);
            if (state == "Succeeded")
                return body["tags"]!["n"]!.GetValue<string>();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
