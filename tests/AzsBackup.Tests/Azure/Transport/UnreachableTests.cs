using System.Net;
using System.Net.Sockets;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Azure.Fakes;
using Xunit;

namespace AzsBackup.Tests.Azure.Transport;

/// <summary>Hosts that can't be talked to at all: no such name, nobody who listens, no TLS.</summary>
public sealed class UnreachableTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_NameThatDoesNotResolve_IsToldAfterAllRetries()
    {
        await using var stack = await FakeStack.StartAsync();
        var opened = await stack.ConnectAsync();
        var failure = await ReadAsync(opened, new Uri("https://disks.no-such-stack.invalid/"));
        Assert.Equal(("StackUnreachable", AzsErrorKind.ConnectionFailed), (failure.ErrorId, failure.Kind));
        Assert.Contains("disks.no-such-stack.invalid", failure.Message, StringComparison.Ordinal);
        Assert.Contains("name resolution", failure.NextStep, StringComparison.Ordinal);
        Assert.NotEmpty(stack.Clock.Waits);
    }

    [Fact]
    public async Task Read_NobodyListens_IsToldAfterAllRetries()
    {
        await using var stack = await FakeStack.StartAsync();
        var opened = await stack.ConnectAsync();
        var failure = await ReadAsync(opened, new Uri($"https://127.0.0.1:{FreePort()}/"));
        Assert.Equal("StackUnreachable", failure.ErrorId);
        Assert.NotEmpty(stack.Clock.Waits);
    }

    [Fact]
    public async Task Read_NobodyListensForAWhile_GoesOnWhenSomebodyDoes()
    {
        await using var stack = await FakeStack.StartAsync();
        var opened = await stack.ConnectAsync();
        using var gate = new RefusingGate(stack.Uri.Port, stack.Clock, refusals: 4);
        var failure = await ReadAsync(opened, gate.Uri);

        // The host behind it knows no blobs: what it says, with the type of a body that an answer to HEAD does not have, came through.
        Assert.Equal("BlobNotFound", failure.ErrorId);
        Assert.True(gate.Opened);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "TlsFailed")]
    [InlineData("", "StackUnreachable")]
    public async Task Read_NoTls_IsTold(string answer, string errorId)
    {
        await using var stack = await FakeStack.StartAsync();
        var opened = await stack.ConnectAsync();
        var before = stack.Clock.Waits.Count;
        await using var server = new PlainServer(answer);
        var failure = await ReadAsync(opened, server.Uri);
        Assert.Equal(errorId, failure.ErrorId);

        // A port that speaks another language will go on doing so; a connection cut in the handshake may be chance.
        Assert.Equal(errorId == "TlsFailed", server.Connections == 1);
        Assert.Equal(errorId == "TlsFailed", stack.Clock.Waits.Count == before);
    }

    private static async Task<AzsException> ReadAsync(IStack stack, Uri endpoint)
    {
        var blob = stack.OpenBlobAccount(endpoint, "account", Convert.ToBase64String(new byte[64])).OpenPageBlob("vhds", "os.vhd");
        return await Assert.ThrowsAsync<AzsException>(async () => await blob.GetLengthAsync(Ct));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
