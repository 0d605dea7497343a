using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Azure.Fakes;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AzsBackup.Tests.Azure.Blobs;

public sealed class PageBlobTests
{
    private const string Path = "/md-1/abcd";
    private static readonly byte[] Content = Sample(1 << 20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_BodyBreaksOff_IsReadOnFromThere()
    {
        await using var stack = await FakeStack.StartAsync();
        var calls = 0;
        Serve(stack, Read: async (context, from, to) =>
        {
            var call = Interlocked.Increment(ref calls);
            var whole = Content.AsMemory((int)from, (int)(to - from + 1));
            // The first two answers promise all and send half; the third ends early by its own account.
            var sent = call switch { 1 or 2 => whole[..(whole.Length / 2)], 3 => whole[..512], _ => whole };
            context.Response.ContentLength = call <= 2 ? whole.Length : sent.Length;
            await context.Response.Body.WriteAsync(sent);
            await context.Response.Body.FlushAsync();
            if (call <= 2) context.Abort();
        });
        var buffer = new byte[200_000];
        await (await OpenAsync(stack)).Reader.ReadAsync(512, buffer, Ct);
        Assert.True(Content.AsSpan(512, buffer.Length).SequenceEqual(buffer));
    }

    [Fact]
    public async Task ReadAsync_BodyNeverComes_IsGivenUp()
    {
        await using var stack = await FakeStack.StartAsync();
        Serve(stack, Read: (context, from, to) =>
        {
            context.Response.ContentLength = 0;
            return Task.CompletedTask;
        });
        var (reader, _) = await OpenAsync(stack);
        var failure = await Assert.ThrowsAsync<AzsException>(async () => await reader.ReadAsync(0, new byte[512], Ct));
        Assert.Equal("TransferBroken", failure.ErrorId);
        AssertNoSignature(failure);
        Assert.Equal(8, stack.Clock.Waits.Count);
    }

    [Fact]
    public async Task ReadAsync_AnswerOfAnotherRange_IsRefused()
    {
        await using var stack = await FakeStack.StartAsync();
        Serve(stack, Read: async (context, from, to) =>
        {
            context.Response.Headers.ContentRange = $"bytes 0-{to - from}/{Content.Length}";
            await context.Response.Body.WriteAsync(Content.AsMemory(0, (int)(to - from + 1)));
        });
        var (reader, _) = await OpenAsync(stack);
        Assert.Equal("RangeNotHonoured", (await Assert.ThrowsAsync<AzsException>(async () => await reader.ReadAsync(512, new byte[512], Ct))).ErrorId);
    }

    [Fact]
    public async Task ReadAsync_SignatureExpired_IsRenewedOnceForAllReaders()
    {
        await using var stack = await FakeStack.StartAsync();
        Serve(stack);
        var (reader, grant) = await OpenAsync(stack);
        grant.Expired = true;
        var buffers = Enumerable.Range(0, 12).Select(_ => new byte[4096]).ToList();
        await Task.WhenAll(buffers.Select((buffer, index) => reader.ReadAsync(index * 4096, buffer, Ct).AsTask()));
        Assert.All(buffers, (buffer, index) => Assert.True(Content.AsSpan(index * 4096, 4096).SequenceEqual(buffer)));
        Assert.Equal(1, grant.Renewals);
    }

    [Fact]
    public async Task ReadAsync_RefusedEvenWhenRenewed_Fails()
    {
        await using var stack = await FakeStack.StartAsync();
        stack.Answer = async (context, request) =>
        {
            if (request.Path != Path) return false;
            context.Response.Headers["x-ms-error-code"] = "AuthenticationFailed";
            context.Response.ContentType = "application/xml";
            context.Response.StatusCode = 403;
            await context.Response.WriteAsync($"<?xml version=\"1.0\"?><Error><Code>AuthenticationFailed</Code><Message>No.</Message><AuthenticationErrorDetail>{System.Net.WebUtility.HtmlEncode(request.Query)}</AuthenticationErrorDetail></Error>");
            return true;
        };
        var (reader, grant) = await OpenAsync(stack);
        var failure = await Assert.ThrowsAsync<AzsException>(async () => await reader.ReadAsync(0, new byte[512], Ct));
        Assert.Equal("DiskAccessRefused", failure.ErrorId);
        AssertNoSignature(failure);
        Assert.Equal(2, grant.Renewals);
    }

    [Theory]
    [InlineData(400, "InvalidHeaderValue", "BlobVersionRefused", "<HeaderName>x-ms-version</HeaderName><HeaderValue>2019-07-07</HeaderValue>")]
    [InlineData(404, "BlobNotFound", "BlobNotFound", "")]
    [InlineData(409, "LeaseIdMissing", "BlobInUse", "")]
    [InlineData(416, "InvalidRange", "RangeOutsideBlob", "")]
    [InlineData(500, "InternalError", "BlobRequestFailed", "")]
    [InlineData(503, "ServerBusy", "RequestsThrottled", "")]
    public async Task ReadAsync_Refused_IsToldWithoutTheSignature(int status, string code, string errorId, string detail)
    {
        await using var stack = await FakeStack.StartAsync();
        stack.Answer = async (context, request) =>
        {
            if (request.Path != Path) return false;
            context.Response.Headers["x-ms-error-code"] = code;
            context.Response.ContentType = "application/xml";
            context.Response.StatusCode = status;
            await context.Response.WriteAsync($"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{System.Net.WebUtility.HtmlEncode(request.Query)}</Message>{detail}</Error>");
            return true;
        };
        var (reader, _) = await OpenAsync(stack);
        var failure = await Assert.ThrowsAsync<AzsException>(async () => await reader.ReadAsync(0, new byte[512], Ct));
        Assert.Equal(errorId, failure.ErrorId);
        Assert.Contains(Path, failure.Message, StringComparison.Ordinal);
        AssertNoSignature(failure);
    }

    [Fact]
    public async Task ReadAsync_ErrorThatIsNoXml_IsToldAllTheSame()
    {
        await using var stack = await FakeStack.StartAsync();
        stack.Answer = async (context, request) =>
        {
            if (request.Path != Path) return false;
            context.Response.ContentType = "application/xml";
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync($"<Error>{request.Query}");
            return true;
        };
        var (reader, _) = await OpenAsync(stack);
        var failure = await Assert.ThrowsAsync<AzsException>(async () => await reader.ReadAsync(0, new byte[512], Ct));
        Assert.Equal("ReplyMalformed", failure.ErrorId);
        AssertNoSignature(failure);
    }

    [Theory]
    [InlineData("2018-03-28", "2019-07-07")]
    [InlineData("2019-07-07", "2019-07-07")]
    [InlineData("2023-08-03", "2019-07-07")]
    public async Task GetLengthAsync_SignatureOfAVersion_SendsTheStacks(string signedBy, string sent)
    {
        await using var stack = await FakeStack.StartAsync();
        Serve(stack);
        var (reader, _) = await OpenAsync(stack, signedBy);
        Assert.Equal(Content.Length, await reader.GetLengthAsync(Ct));
        Assert.Equal(Content.Length, await reader.GetLengthAsync(Ct));
        var request = Assert.Single(stack.Requests, seen => seen.Path == Path);
        Assert.Equal("HEAD", request.Method);
        Assert.Equal(sent, request.Headers["x-ms-version"]);
    }

    [Theory]
    [InlineData(403, "AuthenticationFailed")]
    [InlineData(400, "InvalidHeaderValue")]
    [InlineData(400, "UnsupportedHeader")]
    public async Task GetLengthAsync_StacksVersionRefusedWithOlderSignature_SendsTheSignatures(int status, string code)
    {
        await using var stack = await FakeStack.StartAsync();
        Serve(stack);
        var serve = stack.Answer;
        stack.Answer = async (context, request) =>
        {
            if (request.Path != Path || request.Headers["x-ms-version"] == "2018-03-28") return await serve(context, request);
            context.Response.Headers["x-ms-error-code"] = code;
            context.Response.StatusCode = status;
            return true;
        };
        var (reader, _) = await OpenAsync(stack, "2018-03-28");
        Assert.Equal(Content.Length, await reader.GetLengthAsync(Ct));
        var buffer = new byte[4096];
        await reader.ReadAsync(0, buffer, Ct);
        Assert.True(Content.AsSpan(0, buffer.Length).SequenceEqual(buffer));
        Assert.Equal("true", stack.Requests.Last(seen => seen.Path == Path).Headers["x-ms-range-get-content-md5"]);
    }

    [Fact]
    public async Task GetRangesAsync_LargeSparseDisk_IsAskedInFewWindowsAndJoinedAcrossThem()
    {
        const long Length = (1L << 40) + 512;
        (long From, long To)[] allocated = [(0, 4096), ((4L << 30) - 4096, (4L << 30) + 4096), (Length - 512, Length)];
        await using var stack = await FakeStack.StartAsync();
        Serve(stack, length: Length, allocated: allocated);
        var (reader, _) = await OpenAsync(stack);
        var ranges = new List<ByteRange>();
        await foreach (var range in reader.GetRangesAsync(Ct)) ranges.Add(range);
        Assert.Equal(allocated.Select(range => new ByteRange(range.From, range.To - range.From)), ranges);
        var lists = stack.Requests.Where(request => request.Query.Contains("comp=pagelist", StringComparison.Ordinal)).ToList();
        Assert.InRange(lists.Count, 2, 20);
        Assert.All(lists, list => Assert.DoesNotContain("maxresults", list.Query, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Account_PathStyleEndpoint_IsSignedWithItsKey()
    {
        await using var stack = await FakeStack.StartAsync();
        var key = Convert.ToBase64String(Encoding.UTF8.GetBytes("CANARY-account-key"));
        stack.Answer = async (context, request) =>
        {
            if (!request.Path.StartsWith("/acct/", StringComparison.Ordinal)) return false;
            context.Response.StatusCode = request.Method == "PUT" ? 201 : 404;
            context.Response.Headers["x-ms-error-code"] = request.Method == "PUT" ? default : "BlobNotFound";
            context.Response.Headers.ETag = "\"0x1\"";
            context.Response.Headers.LastModified = stack.Clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
            context.Response.Headers["x-ms-snapshot"] = "2026-01-01T00:00:00.0000000Z";
            context.Response.Headers["x-ms-request-server-encrypted"] = "true";
            return true;
        };
        var client = await stack.ConnectAsync();
        var account = client.OpenBlobAccount(new Uri(stack.Root + "/acct"), "acct", key);
        var blob = account.OpenPageBlob("disks", "a b/ä.vhd");
        await account.EnsureContainerAsync("disks", Ct);
        await blob.CreateAsync(4096, Ct);
        await blob.WriteAsync(512, new byte[512], Ct);
        await blob.ClearAsync(new ByteRange(0, 512), Ct);
        Assert.Equal("2026-01-01T00:00:00.0000000Z", await blob.CreateSnapshotAsync(Ct));
        Assert.Null(await account.FindDocumentAsync("disks", "x.json", Ct));
        Assert.False(await blob.ExistsAsync(Ct));
        await blob.DeleteAsync(Ct);
        var failure = await Assert.ThrowsAsync<AzsException>(async () => await blob.OpenSnapshot("2026-01-01T00:00:00.0000000Z").GetLengthAsync(Ct));
        Assert.Equal("BlobNotFound", failure.ErrorId);
        Assert.DoesNotContain(key, failure.ToString(), StringComparison.Ordinal);

        var sent = stack.Requests.Where(request => request.Path.StartsWith("/acct/", StringComparison.Ordinal)).ToList();
        Assert.Equal("/acct/disks/a b/ä.vhd", sent[1].Path);
        Assert.Contains(sent, request => request.Query.Contains("snapshot=2026", StringComparison.Ordinal));
        Assert.All(sent, request => Assert.Equal("2019-07-07", request.Headers["x-ms-version"]));
        var create = sent[0];
        Assert.Equal("SharedKey acct:" + Sign(key, create, "/acct/acct/disks\nrestype:container"), create.Headers["Authorization"]);
    }

    [Fact]
    public async Task OpenBlobAccount_KeyThatIsNone_IsRefused()
    {
        await using var stack = await FakeStack.StartAsync();
        var client = await stack.ConnectAsync();
        var failure = Assert.Throws<AzsException>(() => client.OpenBlobAccount(stack.Uri, "acct", "CANARY not base64"));
        Assert.Equal("AccountKeyMalformed", failure.ErrorId);
        Assert.DoesNotContain("CANARY", failure.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Shared Key for a request without content, by the service's own description of it.</summary>
    private static string Sign(string key, SeenRequest request, string resource)
    {
        var headers = string.Concat(request.Headers
            .Where(header => header.Key.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase))
            .Select(header => (Name: header.Key.ToLowerInvariant(), header.Value))
            .OrderBy(header => header.Name, StringComparer.Ordinal)
            .Select(header => $"{header.Name}:{header.Value}\n"));
        var text = $"{request.Method}\n\n\n\n\n\n\n\n\n\n\n\n{headers}{resource}";
        return Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes(text)));
    }

    private static void AssertNoSignature(AzsException failure) =>
        Assert.DoesNotContain("CANARY", failure + failure.Message + failure.NextStep + failure.Target, StringComparison.OrdinalIgnoreCase);

    private static async Task<(IPageBlobReader Reader, FakeGrant Grant)> OpenAsync(FakeStack stack, string signedBy = "2019-07-07")
    {
        var grant = new FakeGrant(stack.Root + Path, signedBy);
        return ((await stack.ConnectAsync()).OpenGrantedDisk(grant), grant);
    }

    private static void Serve(
        FakeStack stack, Func<HttpContext, long, long, Task>? Read = null, long? length = null, (long From, long To)[]? allocated = null)
    {
        stack.Answer = async (context, request) =>
        {
            if (request.Path != Path) return false;
            var response = context.Response;
            response.Headers.ETag = "\"0x1\"";
            response.Headers.LastModified = "Sun, 22 Nov 2026 10:00:00 GMT";
            response.Headers["x-ms-blob-type"] = "PageBlob";
            if (request.Query.Contains("expired", StringComparison.Ordinal))
            {
                response.StatusCode = 403;
                response.Headers["x-ms-error-code"] = "AuthenticationFailed";
                return true;
            }

            var total = length ?? Content.Length;
            if (request.Method == "HEAD")
            {
                response.ContentLength = total;
                return true;
            }

            var range = (request.Headers.GetValueOrDefault("x-ms-range") ?? request.Headers["Range"])["bytes=".Length..].Split('-');
            var (from, to) = (long.Parse(range[0], CultureInfo.InvariantCulture), long.Parse(range[1], CultureInfo.InvariantCulture));
            if (request.Query.Contains("comp=pagelist", StringComparison.Ordinal))
            {
                // Clipped to pages of the window, as the service does.
                var xml = string.Concat((allocated ?? [(0, total)])
                    .Select(part => (From: Math.Max(part.From, from), To: Math.Min(part.To, to + 1)))
                    .Where(part => part.To > part.From)
                    .Select(part => $"<PageRange><Start>{part.From}</Start><End>{part.To - 1}</End></PageRange>"));
                response.ContentType = "application/xml";
                response.Headers["x-ms-blob-content-length"] = total.ToString(CultureInfo.InvariantCulture);
                await response.WriteAsync($"\uFEFF<?xml version=\"1.0\" encoding=\"utf-8\"?><PageList>{xml}</PageList>");
                return true;
            }

            response.StatusCode = 206;
            response.ContentType = "application/octet-stream";
            response.Headers.ContentRange = $"bytes {from}-{to}/{total}";
            if (Read is not null) await Read(context, from, to);
            else await response.Body.WriteAsync(Content.AsMemory((int)from, (int)(to - from + 1)));
            return true;
        };
    }

    private static byte[] Sample(int length)
    {
        var bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A grant whose callers share a renewal, as the port asks of every grant.</summary>
    private sealed class FakeGrant(string blob, string signedBy) : IReadGrant
    {
        private readonly object _gate = new();
        private int _number;

        public bool Expired { get; set; }

        public int Renewals { get; private set; }

        private Uri Current => new($"{blob}?sv={signedBy}&sr=b&{(Expired ? "expired=1&" : "")}n={_number}&sig=CANARYsig%3D");

        public ValueTask<Uri> GetUriAsync(CancellationToken cancellationToken)
        {
            lock (_gate) return ValueTask.FromResult(Current);
        }

        public ValueTask<Uri> RenewAsync(Uri refused, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                if (refused == Current)
                {
                    Renewals++;
                    _number++;
                    Expired = false;
                }

                return ValueTask.FromResult(Current);
            }
        }
    }
}
