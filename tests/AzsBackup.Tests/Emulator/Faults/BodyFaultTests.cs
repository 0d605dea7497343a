using System.Diagnostics;
using System.Security.Cryptography;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Faults;

/// <summary>Bodies that break, end, stall, crawl or arrive changed, in both directions.</summary>
public sealed class BodyFaultTests
{
    private const int MiB = 1 << 20;

    [Theory]
    [InlineData("dropAfterBytes", true)]
    [InlineData("truncateAfterBytes", false)]
    public async Task Response_CutShort_BreaksOrEndsEarly(string kind, bool breaks)
    {
        await using StackHost host = await StackHost.StartAsync();
        string sas = await GrantAsync(host);
        await host.AddFaultsAsync($$"""{"operation":"GetBlob","{{kind}}":100000,"count":1}""");
        if (breaks)
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => host.ReadAsync(sas, 0, MiB - 1));
        else
            Assert.Equal(100000, (await host.ReadAsync(sas, 0, MiB - 1)).Body.Length);
        Assert.Equal(MiB, (await host.ReadAsync(sas, 0, MiB - 1)).Body.Length);
    }

    [Fact]
    public async Task Response_Stalled_GivesWhatComesBeforeAndThenNothing()
    {
        await using StackHost host = await StackHost.StartAsync();
        string sas = await GrantAsync(host);
        await host.AddFaultsAsync("""{"operation":"GetBlob","stallAfterBytes":1000,"count":1}""");
        using HttpResponseMessage response = await host.SendUrlAsync(HttpMethod.Get, sas, null, ("x-ms-range", "bytes=0-65535"), ("x-ms-version", "2019-07-07"));
        using Stream body = await response.Content.ReadAsStreamAsync(StackHost.Cancel);
        await body.ReadExactlyAsync(new byte[1000], StackHost.Cancel);
        ValueTask<int> next = body.ReadAsync(new byte[1], StackHost.Cancel);
        // The server goes on with others meanwhile, and has not a byte more for this one.
        Assert.Equal(MiB, (await host.ReadAsync(sas, 0, MiB - 1)).Body.Length);
        Assert.False(next.IsCompleted);
        response.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(async () => await next);
    }

    [Fact]
    public async Task Response_StalledForAWhile_GoesOn()
    {
        await using StackHost host = await StackHost.StartAsync();
        string sas = await GrantAsync(host);
        await host.AddFaultsAsync("""{"operation":"GetBlob","stallAfterBytes":1000,"stallMs":20,"count":1}""");
        Assert.Equal(65536, (await host.ReadAsync(sas, 0, 65535)).Body.Length);
    }

    [Fact]
    public async Task Response_OneByteFlipped_TheRestIsTrue()
    {
        await using StackHost host = await StackHost.StartAsync();
        string sas = await GrantAsync(host);
        byte[] before = (await host.ReadAsync(sas, 0, MiB - 1)).Body;
        await host.AddFaultsAsync("""{"operation":"GetBlob","flipByteAt":700000,"count":1}""");
        byte[] struck = (await host.ReadAsync(sas, 0, MiB - 1)).Body;
        Assert.Equal([700000], Enumerable.Range(0, MiB).Where(i => before[i] != struck[i]));
        Assert.Equal(before, (await host.ReadAsync(sas, 0, MiB - 1)).Body);
    }

    [Fact]
    public async Task Bandwidth_IsKept()
    {
        await using StackHost host = await StackHost.StartAsync();
        string sas = await GrantAsync(host);
        await host.AddFaultsAsync("""{"operation":"GetBlob","bytesPerSecond":1048576,"count":1}""");
        long start = Stopwatch.GetTimestamp();
        Assert.Equal(MiB / 4, (await host.ReadAsync(sas, 0, (MiB / 4) - 1)).Body.Length);
        // A quarter of a second less the last piece, which nobody waits behind.
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(120));
    }

    [Fact]
    public async Task Request_Truncated_IsIncomplete_AndLeavesNothing()
    {
        await using StorageFixture storage = await StorageFixture.StartAsync();
        await storage.Host.AddFaultsAsync("""{"operation":"PutPage","direction":"request","truncateAfterBytes":600,"count":1}""");
        HttpResponseMessage answer = await storage.PutPageAsync(Filled(1024, 7));
        Assert.Equal((400, "IncompleteBody"), ((int)answer.StatusCode, answer.Headers.GetValues("x-ms-error-code").Single()));
        Assert.Equal(new byte[1024], await storage.ReadAsync(1024));
    }

    [Fact]
    public async Task Request_Dropped_BreaksAndLeavesNothing()
    {
        await using StorageFixture storage = await StorageFixture.StartAsync();
        await storage.Host.AddFaultsAsync("""{"operation":"PutPage","direction":"request","dropAfterBytes":600,"count":1}""");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => storage.PutPageAsync(Filled(1024, 7)));
        Assert.Equal(new byte[1024], await storage.ReadAsync(1024));
        Assert.Equal(201, (int)(await storage.PutPageAsync(Filled(1024, 7))).StatusCode);
    }

    [Fact]
    public async Task Request_DroppedBeforeItsAnswer_BreaksWithoutABodyToo()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.AddFaultsAsync("""{"operation":"*/subscriptions/read","direction":"request","dropAfterBytes":0,"count":1}""");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => host.SendAsync(HttpMethod.Get, "/subscriptions", "2016-06-01"));
        await host.GetAsync("/subscriptions", "2016-06-01");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_OneByteFlipped_IsStoredUnlessAnMd5GuardsIt(bool guarded)
    {
        await using StorageFixture storage = await StorageFixture.StartAsync();
        await storage.Host.AddFaultsAsync("""{"operation":"PutPage","direction":"request","flipByteAt":600,"count":1}""");
        byte[] bytes = Filled(1024, 7);
        HttpResponseMessage answer = await storage.PutPageAsync(bytes, guarded ? Convert.ToBase64String(CryptographicOperations.HashData(HashAlgorithmName.MD5, bytes)) : null);
        byte[] stored = await storage.ReadAsync(1024);
        if (guarded)
        {
            Assert.Equal((400, "Md5Mismatch"), ((int)answer.StatusCode, answer.Headers.GetValues("x-ms-error-code").Single()));
            Assert.Equal(new byte[1024], stored);
        }
        else
        {
            bytes[600] ^= 0xFF;
            Assert.Equal(bytes, stored);
        }
    }

    private static byte[] Filled(int count, byte value) => [.. Enumerable.Repeat(value, count)];

    private static async Task<string> GrantAsync(StackHost host)
    {
        await host.MakeGroupAsync("rg");
        return await host.GrantAsync(await host.MakeDiskAsync("rg", "d1"));
    }
}
