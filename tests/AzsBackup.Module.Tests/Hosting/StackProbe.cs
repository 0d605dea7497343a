using System.Net.Http.Json;
using System.Text.Json;
using AzsBackup.Emulator.Hosting;

namespace AzsBackup.Module.Tests.Hosting;

/// <summary>Looks at an emulated stack, and plays guest and misfortune, past every part of the module: its control endpoint.</summary>
internal sealed class StackProbe(EmulatedStack stack) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = stack.ControlEndpoint };

    /// <summary>The SHA-256 of a whole disk, its footer included, in lower-case hexadecimal.</summary>
    public async Task<string> HashAsync(string disk) =>
        (await GetAsync("disks/hash?disk=" + Uri.EscapeDataString(disk))).GetProperty("sha256").GetString()!;

    /// <summary>Changes a disk into an image, as a guest would.</summary>
    public Task ReplaceAsync(string disk, string image) => PostAsync("disks/replace", new { disk, path = image });

    /// <summary>Adds faults: a JSON array.</summary>
    public async Task FailAsync(string faults)
    {
        using var content = new StringContent(faults);
        using var response = await _client.PostAsync("faults", content, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Takes all faults away.</summary>
    public async Task HealAsync()
    {
        using var response = await _client.DeleteAsync("faults", TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>How many snapshots of managed disks there are.</summary>
    public async Task<int> CountSnapshotsAsync() => (await GetAsync("state")).GetProperty("snapshots").GetInt32();

    /// <summary>How many managed disks there are.</summary>
    public async Task<int> CountDisksAsync() => (await GetAsync("state")).GetProperty("disks").GetInt32();

    /// <summary>Writes a whole disk, its footer included, to a file.</summary>
    public async Task DownloadAsync(string disk, string file)
    {
        await using var content = await _client.GetStreamAsync("disks/content?disk=" + Uri.EscapeDataString(disk), TestContext.Current.CancellationToken);
        await using var target = File.Create(file);
        await content.CopyToAsync(target, TestContext.Current.CancellationToken);
    }

    /// <summary>Checks that nothing of ours is left on the stack but the snapshots that points keep: no other snapshot, no read access.</summary>
    public async Task AssertCleanAsync(int keptSnapshots = 0)
    {
        var state = await GetAsync("state");
        Assert.Equal(keptSnapshots, state.GetProperty("snapshots").GetInt32());
        Assert.Equal(0, state.GetProperty("activeSas").GetInt32());
    }

    /// <summary>How many requests were served so far.</summary>
    public async Task<int> CountAsync() => (await GetAsync("state")).GetProperty("requestsServed").GetInt32();

    /// <summary>Waits until a request has arrived that fits.</summary>
    public async Task<RecordedRequest> WaitForAsync(Func<RecordedRequest, bool> condition)
    {
        while (true)
        {
            if (stack.RecentRequests.FirstOrDefault(condition) is { } found) return found;
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<JsonElement> GetAsync(string path) =>
        await _client.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

    private async Task PostAsync(string path, object body)
    {
        using var response = await _client.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
