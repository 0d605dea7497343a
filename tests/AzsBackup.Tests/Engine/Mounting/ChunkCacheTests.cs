using System.Security.Cryptography;
using AzsBackup.Engine.Mounting;
using AzsBackup.Vault;
using Xunit;

namespace AzsBackup.Tests.Engine.Mounting;

public sealed class ChunkCacheTests
{
    private static readonly object Owner = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lease_SeveralAtOnce_FetchesOnce()
    {
        var cache = new ChunkCache(1 << 20);
        var fetched = 0;
        var gate = new TaskCompletionSource();
        var leases = Enumerable.Range(0, 10).Select(_ => cache.LeaseAsync(Owner, Name(1), 100, FetchAsync, Cancel).AsTask()).ToList();
        gate.SetResult();

        foreach (var lease in await Task.WhenAll(leases))
        {
            Assert.Equal(9, lease.Memory.Span[99]);
            lease.Dispose();
            lease.Dispose();
        }

        Assert.Equal(1, fetched);
        Assert.Equal(100, cache.BytesHeld);

        async Task FetchAsync(Memory<byte> memory)
        {
            Interlocked.Increment(ref fetched);
            await gate.Task;
            memory.Span.Fill(9);
        }
    }

    [Fact]
    public async Task Lease_MoreThanTheCapacity_ForgetsTheOldestFirst()
    {
        var cache = new ChunkCache(250);
        var fetched = new List<int>();
        foreach (var number in new[] { 1, 2, 1, 3, 1, 2 })
        {
            using var lease = await cache.LeaseAsync(Owner, Name(number), 100, _ => FetchAsync(number), Cancel);
            Assert.InRange(cache.BytesHeld, 100, 300);
        }

        Assert.Equal([1, 2, 3, 2], fetched);
        Assert.InRange(cache.BytesHeld, 0, 250);
        cache.Forget(Owner);
        Assert.Equal(0, cache.BytesHeld);

        Task FetchAsync(int number)
        {
            fetched.Add(number);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Lease_FetchFails_TellsAndTriesAgain()
    {
        var cache = new ChunkCache(1000);
        await Assert.ThrowsAsync<InvalidDataException>(() => cache.LeaseAsync(Owner, Name(1), 100, _ => throw new InvalidDataException(), Cancel).AsTask());
        using var lease = await cache.LeaseAsync(Owner, Name(1), 100, _ => Task.CompletedTask, Cancel);
        Assert.Equal(100, cache.BytesHeld);
    }

    [Fact]
    public async Task Lease_WhoAskedFirstLeaves_OthersGetIt()
    {
        var cache = new ChunkCache(1000);
        var gate = new TaskCompletionSource();
        using var leaving = new CancellationTokenSource();
        var first = cache.LeaseAsync(Owner, Name(1), 100, _ => gate.Task, leaving.Token).AsTask();
        var second = cache.LeaseAsync(Owner, Name(1), 100, _ => throw new InvalidDataException(), Cancel).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();

        (await second).Dispose();

        Assert.Equal(100, cache.BytesHeld);
    }

    private static ChunkName Name(int number) => new(SHA256.HashData([(byte)number]));
}
