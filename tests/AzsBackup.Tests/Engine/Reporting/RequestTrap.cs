using System.Net;
using System.Net.Sockets;

namespace AzsBackup.Tests.Engine.Reporting;

/// <summary>A server that refuses everything and counts who came.</summary>
internal sealed class RequestTrap : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;
    private int _caught;

    public RequestTrap()
    {
        _listener.Start();
        _work = RunAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

    public int Caught => Volatile.Read(ref _caught);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _caught);
                await client.GetStream().WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}
