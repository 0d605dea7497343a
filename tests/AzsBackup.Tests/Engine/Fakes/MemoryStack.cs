using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Tests.Engine.Fakes;

/// <summary>
/// A stack in memory that counts requests and can be told to fail or to call back at one of them: for proofs over every step
/// of a run, which a server on a socket would make slow. What a stamp answers is the emulated stack's matter.
/// </summary>
internal sealed class MemoryStack : IStack, IResourceClient, IBlobAccount
{
    private readonly Dictionary<ResourceId, JsonObject> _resources = [];
    private readonly Dictionary<ResourceId, MemoryPageBlob> _disks = [];
    private readonly Dictionary<string, MemoryPageBlob> _blobs = [];
    private readonly Dictionary<string, byte[]> _documents = [];
    private readonly Dictionary<ResourceId, Uri> _grants = [];
    private readonly Dictionary<ResourceId, string> _powerStates = [];
    private readonly Lock _gate = new();
    private int _requests;
    private int _snapshotsMade;
    private int _hangAt;
    private TaskCompletionSource? _hanging;
    private long _bytesRead;

    public const string Subscription = "00000000-0000-0000-0000-000000000001";

    public AzsStackConnection Connection { get; init; } = new()
    {
        Name = "memory",
        ArmEndpoint = new Uri("https://management.memory.test"),
        Identity = AzsIdentityProvider.Entra,
        TenantId = "t",
        SubscriptionId = Subscription,
        Location = "local",
        BlobServiceVersion = "2019-07-07",
    };

    public IResourceClient Resources => this;

    public int Requests => _requests;

    /// <summary>Called before a request is carried out, with its number from 1.</summary>
    public Action<int>? OnRequest { get; set; }

    /// <summary>Called after a request was carried out and before its answer is given.</summary>
    public Action<int>? OnAnswer { get; set; }

    public IReadOnlyCollection<ResourceId> Grants => _grants.Keys;

    public IEnumerable<ResourceId> Snapshots => _resources.Keys.Where(id => id.IsOfType("Microsoft.Compute/snapshots"));

    /// <summary>Whether the blob service tells what changed between two snapshots.</summary>
    public bool ReportsChanges { get; set; } = true;

    /// <summary>Changes it leaves out of what it tells.</summary>
    public Func<ByteRange, bool> HidesChange { get; set; } = _ => false;

    /// <summary>What a VM does: <c>running</c> unless it was told otherwise.</summary>
    public string PowerState(ResourceId vm) => _powerStates.GetValueOrDefault(vm, "running");

    public void SetPowerState(ResourceId vm, string state) => _powerStates[vm] = state;

    /// <summary>Called before an action is carried out.</summary>
    public Action<ResourceId, string>? OnPost { get; set; }

    /// <summary>Never answers one request, as whoever asked is dead by then; what it was asked for is done.</summary>
    /// <param name="number">Which one.</param>
    /// <returns>Ends when it was asked.</returns>
    public Task HangAt(int number)
    {
        _hangAt = number;
        _hanging = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _hanging.Task;
    }

    /// <summary>What it refuses, by method and resource.</summary>
    public Func<string, ResourceId, AzsException?> Refuses { get; set; } = (_, _) => null;

    /// <summary>Called when a snapshot of a disk is made.</summary>
    public Action<ResourceId>? OnSnapshot { get; set; }

    /// <summary>Bytes read from exported disks.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    public MemoryPageBlob Blob(string name) => _blobs[name];

    public ResourceId AddVm(string name, params byte[][] disks)
    {
        var storage = new JsonObject { ["dataDisks"] = new JsonArray() };
        for (var index = 0; index < disks.Length; index++)
        {
            var disk = ResourceId.Create(Subscription, "app", "Microsoft.Compute/disks", $"{name}-disk{index}");
            _disks[disk] = MemoryPageBlob.Of(disks[index]);
            _resources[disk] = Body(disk, []);
            var reference = new JsonObject { ["name"] = disk.Name, ["managedDisk"] = new JsonObject { ["id"] = disk.ToString() } };
            if (index == 0) storage["osDisk"] = reference;
            else
            {
                reference["lun"] = index - 1;
                storage["dataDisks"]!.AsArray().Add(reference);
            }
        }

        var vm = ResourceId.Create(Subscription, "app", "Microsoft.Compute/virtualMachines", name);
        _resources[vm] = Body(vm, new JsonObject { ["storageProfile"] = storage });
        return vm;
    }

    public void SetDisk(string name, byte[] content) =>
        _disks[ResourceId.Create(Subscription, "app", "Microsoft.Compute/disks", name)] = MemoryPageBlob.Of(content);

    public Task<ResourceBody> GetAsync(ResourceId id, CancellationToken cancellationToken) => RequestAsync(() => Read(id), cancellationToken);

    public Task<ResourceBody> GetWithInstanceViewAsync(ResourceId id, CancellationToken cancellationToken) => RequestAsync(
        () =>
        {
            if (!_resources.TryGetValue(id, out var body)) throw Missing(id);
            var view = body.DeepClone().AsObject();
            var status = new JsonObject { ["code"] = $"PowerState/{_powerStates.GetValueOrDefault(id, "running")}" };
            view["properties"]!["instanceView"] = new JsonObject { ["statuses"] = new JsonArray(new JsonObject { ["code"] = "ProvisioningState/succeeded" }, status) };
            return new ResourceBody(id, JsonSerializer.SerializeToElement(view), "2019-07-01", "r");
        },
        cancellationToken);

    public async IAsyncEnumerable<ResourceBody> ListAsync(string path, string type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listed = await RequestAsync(
            () => _resources.Keys.Where(id => id.IsOfType(type) && id.ToString().StartsWith(path.Split("/providers/")[0], StringComparison.OrdinalIgnoreCase)).Select(Read).ToList(),
            cancellationToken);
        foreach (var body in listed) yield return body;
    }

    public Task<ResourceBody> PutAsync(ResourceId id, JsonObject body, CancellationToken cancellationToken) => RequestAsync(
        () =>
        {
            if (Refuses("PUT", id) is { } refusal) throw refusal;
            var properties = body["properties"]?.DeepClone().AsObject() ?? [];
            if (properties["creationData"]?["sourceResourceId"] is { } source) _disks[id] = _disks[ResourceId.Parse(source.GetValue<string>())].Copy();
            if (id.IsOfType("Microsoft.Compute/snapshots")) OnSnapshot?.Invoke(id);
            if (id.IsOfType("Microsoft.Compute/snapshots")) properties["timeCreated"] = $"2026-01-01T00:00:00.{++_snapshotsMade:0000000}Z";
            if (id.IsOfType("Microsoft.Storage/storageAccounts")) properties["primaryEndpoints"] = new JsonObject { ["blob"] = "https://blob.test/" };
            _resources[id] = Body(id, properties);
            if (body["tags"] is { } tags) _resources[id]["tags"] = tags.DeepClone();
            return Read(id);
        },
        cancellationToken);

    public Task<JsonElement?> PostAsync(ResourceId id, string action, JsonObject? body, CancellationToken cancellationToken) => RequestAsync<JsonElement?>(
        () =>
        {
            if (!_resources.ContainsKey(id)) throw Missing(id);
            OnPost?.Invoke(id, action);
            if (action == "deallocate") _powerStates[id] = "deallocated";
            if (action == "start") _powerStates[id] = "running";
            if (action == "endGetAccess") _grants.Remove(id);
            if (action == "beginGetAccess") _grants[id] = new Uri($"https://disk.test{id}?sig=CANARY{_requests}");
            return action switch
            {
                "beginGetAccess" => JsonSerializer.SerializeToElement(new { accessSAS = _grants[id].ToString() }),
                "listKeys" => JsonSerializer.SerializeToElement(new { keys = new[] { new { keyName = "key1", value = "a2V5" } } }),
                _ => null,
            };
        },
        cancellationToken);

    public Task DeleteAsync(ResourceId id, CancellationToken cancellationToken) => RequestAsync(
        () =>
        {
            if (Refuses("DELETE", id) is { } refusal) throw refusal;
            if (_grants.ContainsKey(id)) throw new AzsException(AzsErrorKind.Busy, "ActiveSas", "It has an active SAS.", "Revoke it.", id.ToString());
            _disks.Remove(id);
            return _resources.Remove(id);
        },
        cancellationToken);

    public IPageBlobReader OpenGrantedDisk(IReadGrant grant) => new GrantedReader(this, grant);

    public IBlobAccount OpenBlobAccount(Uri blobEndpoint, string accountName, string accountKey) => this;

    public Task EnsureContainerAsync(string container, CancellationToken cancellationToken) => Task.CompletedTask;

    public IPageBlob OpenPageBlob(string container, string name)
    {
        lock (_gate) return _blobs.TryGetValue(name, out var blob) ? blob : _blobs[name] = new MemoryPageBlob { Uri = new Uri("https://blob.test/" + name) };
    }

    public Task PutDocumentAsync(string container, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        RequestAsync(() => _documents[name] = content.ToArray(), cancellationToken);

    public Task<byte[]?> FindDocumentAsync(string container, string name, CancellationToken cancellationToken) =>
        RequestAsync(() => _documents.GetValueOrDefault(name), cancellationToken);

    IAsyncEnumerable<string> IBlobAccount.ListAsync(string container, string prefix, CancellationToken cancellationToken) =>
        _documents.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToAsyncEnumerable();

    private async Task<T> RequestAsync<T>(Func<T> act, CancellationToken cancellationToken)
    {
        int number;
        bool hangs;
        T result;
        lock (_gate)
        {
            number = ++_requests;
            hangs = number == _hangAt;
            OnRequest?.Invoke(number);
            cancellationToken.ThrowIfCancellationRequested();
            result = act();
        }

        if (hangs)
        {
            _hanging!.SetResult();
            await new TaskCompletionSource().Task;
        }

        OnAnswer?.Invoke(number);
        cancellationToken.ThrowIfCancellationRequested();
        return result;
    }

    /// <summary>Says something else of a VM.</summary>
    public void ChangeVm(ResourceId vm, Action<JsonObject> change) => change(_resources[vm]["properties"]!.AsObject());

    /// <summary>A VM whose one disk is a page blob in a storage account.</summary>
    public ResourceId AddUnmanagedVm(string name, byte[] disk)
    {
        var account = ResourceId.Create(Subscription, "app", "Microsoft.Storage/storageAccounts", "store");
        _resources[account] = Body(account, new JsonObject { ["primaryEndpoints"] = new JsonObject { ["blob"] = "https://blob.test/" } });
        var blob = MemoryPageBlob.At(new Uri($"https://blob.test/vhds/{name}.vhd"), disk);
        _blobs[$"{name}.vhd"] = blob;
        var os = new JsonObject { ["name"] = name, ["vhd"] = new JsonObject { ["uri"] = blob.Uri.ToString() } };
        var vm = ResourceId.Create(Subscription, "app", "Microsoft.Compute/virtualMachines", name);
        _resources[vm] = Body(vm, new JsonObject { ["storageProfile"] = new JsonObject { ["osDisk"] = os, ["dataDisks"] = new JsonArray() } });
        return vm;
    }

    private ResourceBody Read(ResourceId id) => _resources.TryGetValue(id, out var body)
        ? new ResourceBody(id, JsonSerializer.SerializeToElement(WithState(id, body)), "2019-07-01", "r")
        : throw Missing(id);

    private JsonObject WithState(ResourceId id, JsonObject body)
    {
        if (id.IsOfType("Microsoft.Compute/snapshots")) body["properties"]!["diskState"] = _grants.ContainsKey(id) ? "ActiveSAS" : "Unattached";
        return body;
    }

    private static AzsException Missing(ResourceId id) => new(AzsErrorKind.NotFound, "ResourceNotFound", $"{id} is not there.", "Look.", id.ToString());

    private static JsonObject Body(ResourceId id, JsonObject properties) => new()
    {
        ["id"] = id.ToString(),
        ["name"] = id.Name,
        ["type"] = id.Type,
        ["location"] = "local",
        ["properties"] = properties,
    };

    private sealed class GrantedReader(MemoryStack stack, IReadGrant grant) : IPageBlobReader
    {
        public async ValueTask<long> GetLengthAsync(CancellationToken cancellationToken) =>
            await (await OpenAsync(cancellationToken)).GetLengthAsync(cancellationToken);

        public async IAsyncEnumerable<ByteRange> GetRangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var range in (await OpenAsync(cancellationToken)).GetRangesAsync(cancellationToken)) yield return range;
        }

        public async IAsyncEnumerable<ByteRange> GetChangesAsync(IPageBlobReader earlier, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var mine = await OpenAsync(cancellationToken);
            var before = await ((GrantedReader)earlier).OpenAsync(cancellationToken);
            if (!stack.ReportsChanges) throw new AzsException(AzsErrorKind.NotSupported, "ChangesNotReported", "It does not tell.", "None.");
            mine.Hides = stack.HidesChange;
            await foreach (var range in mine.GetChangesAsync(before, cancellationToken)) yield return range;
        }

        public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            Interlocked.Add(ref stack._bytesRead, buffer.Length);
            await (await OpenAsync(cancellationToken)).ReadAsync(offset, buffer, cancellationToken);
        }

        private async Task<MemoryPageBlob> OpenAsync(CancellationToken cancellationToken)
        {
            var uri = await grant.GetUriAsync(cancellationToken);
            return await stack.RequestAsync(() => stack._disks[stack._grants.Single(pair => pair.Value == uri).Key], cancellationToken);
        }
    }
}
