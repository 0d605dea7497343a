using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Tests.Engine.Restore;

/// <summary>A stack that calls back before and after each request that asks it for anything but blob data.</summary>
internal sealed class InterruptedStack(IStack inner) : IStack, IResourceClient
{
    private int _requests;

    public AzsStackConnection Connection => inner.Connection;

    public IResourceClient Resources => this;

    public int Requests => _requests;

    /// <summary>Called before a request is carried out, with its number from 1.</summary>
    public Action<int> OnRequest { get; set; } = _ => { };

    /// <summary>Called when it was carried out and before its answer is given.</summary>
    public Action<int> OnAnswer { get; set; } = _ => { };

    public Task<ResourceBody> GetAsync(ResourceId id, CancellationToken cancellationToken) =>
        CountAsync(() => inner.Resources.GetAsync(id, cancellationToken), cancellationToken);

    public Task<ResourceBody> GetWithInstanceViewAsync(ResourceId id, CancellationToken cancellationToken) =>
        CountAsync(() => inner.Resources.GetWithInstanceViewAsync(id, cancellationToken), cancellationToken);

    public async IAsyncEnumerable<ResourceBody> ListAsync(string path, string type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listed = await CountAsync(async () => await inner.Resources.ListAsync(path, type, cancellationToken).ToListAsync(cancellationToken), cancellationToken);
        foreach (var item in listed) yield return item;
    }

    public Task<ResourceBody> PutAsync(ResourceId id, JsonObject body, CancellationToken cancellationToken) =>
        CountAsync(() => inner.Resources.PutAsync(id, body, cancellationToken), cancellationToken);

    public Task<JsonElement?> PostAsync(ResourceId id, string action, JsonObject? body, CancellationToken cancellationToken) =>
        CountAsync(() => inner.Resources.PostAsync(id, action, body, cancellationToken), cancellationToken);

    public Task DeleteAsync(ResourceId id, CancellationToken cancellationToken) => CountAsync(
        async () =>
        {
            await inner.Resources.DeleteAsync(id, cancellationToken);
            return true;
        },
        cancellationToken);

    public IPageBlobReader OpenGrantedDisk(IReadGrant grant) => inner.OpenGrantedDisk(grant);

    public IBlobAccount OpenBlobAccount(Uri blobEndpoint, string accountName, string accountKey) =>
        new InterruptedAccount(this, inner.OpenBlobAccount(blobEndpoint, accountName, accountKey));

    internal async Task<T> CountAsync<T>(Func<Task<T>> request, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _requests);
        OnRequest(number);
        cancellationToken.ThrowIfCancellationRequested();
        var answer = await request();
        OnAnswer(number);
        cancellationToken.ThrowIfCancellationRequested();
        return answer;
    }
}
