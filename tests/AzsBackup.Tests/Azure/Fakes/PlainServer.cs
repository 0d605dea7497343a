using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AzsBackup.Tests.Azure.Fakes;

/// <summary>A server on loopback that speaks no TLS: it gives everybody the same bytes, and hangs up.</summary>
public sealed class PlainServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _connections;

    public PlainServer(string answer)
    {
        _listener.Start();
        _running = RunAsync(Encoding.ASCII.GetBytes(answer));
    }

    public Uri Uri => new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public int Connections => _connections;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(byte[] answer)
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                var stream = client.GetStream();
                await stream.ReadAtLeastAsync(new byte[1024], 1, throwOnEndOfStream: false, _stop.Token);
                await stream.WriteAsync(answer, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
