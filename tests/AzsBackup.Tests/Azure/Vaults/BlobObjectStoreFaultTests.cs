using System.Globalization;
using AzsBackup.Azure.Vaults;
using AzsBackup.Model;
using AzsBackup.Tests.Azure.Fakes;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AzsBackup.Tests.Azure.Vaults;

/// <summary>What a service and a network do wrong.</summary>
public sealed class BlobObjectStoreFaultTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 100_000).Select(n => (byte)n)];

    private readonly TestCertificateAuthority _authority = new();
    private readonly InstantTimeProvider _clock = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Find_BodyBreaksOff_IsReadAgain()
    {
        int calls = 0;
        await using var server = await StartAsync(async (context, request) =>
        {
            // The first is whole; those that break may do so before or after the client has seen the headers.
            bool breaks = Interlocked.Increment(ref calls) is > 1 and < 7;
            var asked = Content.AsMemory();
            Describe(context);
            if (request.Headers.TryGetValue("x-ms-range", out var range))
            {
                int from = int.Parse(range["bytes=".Length..].Split('-')[0], CultureInfo.InvariantCulture);
                asked = asked[from..];
                context.Response.StatusCode = 206;
                context.Response.Headers.ContentRange = $"bytes {from}-{Content.Length - 1}/{Content.Length}";
            }

            context.Response.ContentLength = asked.Length;
            await context.Response.Body.WriteAsync(breaks ? asked[..10] : asked);
            await context.Response.Body.FlushAsync();
            if (breaks) context.Abort();
        });
        using var store = Open(server);
        (await store.FindAsync("a", Content.Length, Cancel))!.Dispose();
        using var found = await store.FindAsync("a", Content.Length, Cancel);
        Assert.True(found!.Span.SequenceEqual(Content));
    }

    [Fact]
    public async Task Find_BodyAlwaysBreaksOff_IsGivenUp()
    {
        await using var server = await StartAsync(async (context, _) =>
        {
            Describe(context);
            context.Response.ContentLength = Content.Length;
            await context.Response.Body.WriteAsync(Content.AsMemory(0, 1000));
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        using var store = Open(server);
        var failure = await Assert.ThrowsAsync<AzsException>(() => store.FindAsync("a", Content.Length, Cancel));
        Assert.Equal(AzsErrorKind.ConnectionFailed, failure.Kind);
        AssertNoSignature(failure);
    }

    [Fact]
    public async Task TryCreate_AnswerIsLost_IsSentAgainAndToldAsExisting()
    {
        int calls = 0;
        await using var server = await StartAsync((context, _) =>
        {
            if (Interlocked.Increment(ref calls) == 1) context.Abort();
            else Refuse(context, 409, "BlobAlreadyExists");
            return Task.CompletedTask;
        });
        using var store = Open(server);
        Assert.False(await store.TryCreateAsync("a", Content, Cancel));
        Assert.All(server.Requests, request => Assert.Equal(("PUT", "*", "2019-07-07"), (request.Method, request.Headers["If-None-Match"], request.Headers["x-ms-version"])));
        Assert.Equal(2, calls);
    }

    [Theory]
    [InlineData(404, "ResourceNotFound", "VaultStorageFailed")]
    [InlineData(400, "InvalidHeaderValue", "BlobVersionRefused")]
    [InlineData(500, "InternalError", "VaultStorageFailed")]
    [InlineData(503, "ServerBusy", "VaultThrottled")]
    [InlineData(507, "InsufficientStorage", "VaultStorageFull")]
    public async Task AnyOperation_Refused_IsToldWithoutTheSignature(int status, string code, string errorId)
    {
        await using var server = await StartAsync((context, _) =>
        {
            Refuse(context, status, code);
            return Task.CompletedTask;
        });
        using var store = Open(server);
        Func<Task>[] operations =
        [
            () => store.TryCreateAsync("a", Content, Cancel),
            () => store.FindAsync("a", 10, Cancel),
            () => store.DeleteAsync("a", Cancel),
            async () => await store.ListAsync("", Cancel).GetAsyncEnumerator(Cancel).MoveNextAsync(),
        ];
        foreach (var operation in operations)
        {
            var failure = await Assert.ThrowsAsync<AzsException>(operation);
            Assert.Equal(errorId, failure.ErrorId);
            AssertNoSignature(failure);
        }
    }

    [Theory]
    [InlineData("BlobImmutableDueToPolicy")]
    [InlineData("BlobImmutableDueToLegalHold")]
    public async Task Delete_ImmutableObject_SaysSo(string code)
    {
        await using var server = await StartAsync((context, _) =>
        {
            Refuse(context, 409, code);
            return Task.CompletedTask;
        });
        using var store = Open(server);
        Assert.Equal("VaultDeletionRefused", (await Assert.ThrowsAsync<AzsException>(() => store.DeleteAsync("a", Cancel))).ErrorId);
    }

    [Fact]
    public async Task FirstRequest_NobodyListens_FailsAfterOneRetry()
    {
        using var store = BlobObjectStore.Open(
            new BlobContainerAccess { ContainerUri = new Uri("https://127.0.0.1:1/c?sig=CANARY") }, _clock, new Random(1));
        var failure = await Assert.ThrowsAsync<AzsException>(() => store.FindAsync("vault.json", 10, Cancel));
        Assert.Equal((AzsErrorKind.ConnectionFailed, "VaultUnreachable"), (failure.Kind, failure.ErrorId));
        AssertNoSignature(failure);
        Assert.Single(_clock.Waits, wait => wait < TimeSpan.FromSeconds(20));
    }

    private static void AssertNoSignature(AzsException failure) => Assert.DoesNotContain("CANARY", failure.ToString(), StringComparison.Ordinal);

    private static void Describe(HttpContext context)
    {
        context.Response.Headers.ETag = "\"0x1\"";
        context.Response.Headers.LastModified = "Sun, 22 Nov 2026 18:00:00 GMT";
        context.Response.Headers["x-ms-blob-type"] = "BlockBlob";
    }

    private static void Refuse(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        context.Response.Headers["x-ms-error-code"] = code;
        context.Response.Headers["x-ms-meta-note"] = context.Request.QueryString.Value;
    }

    private Task<FakeServer> StartAsync(Func<HttpContext, SeenRequest, Task> answer) => FakeServer.StartAsync(_authority.Issue("127.0.0.1"), answer);

    private BlobObjectStore Open(FakeServer server) => BlobObjectStore.Open(
        new BlobContainerAccess
        {
            ContainerUri = new Uri($"https://127.0.0.1:{server.Uri.Port}/c?sv=2023-08-03&sig=CANARY"),
            CaCertificatePath = _authority.PemPath,
        },
        _clock,
        new Random(1));
}
