using System.Net;
using System.Net.Sockets;

namespace AzsBackup.Tests.Azure.Fakes;

/// <summary>A port on loopback where nobody listens until a client has waited so many times; then it leads to another port.</summary>
public sealed class RefusingGate : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _port;

    public RefusingGate(int target, InstantTimeProvider clock, int refusals)
    {
        // Bound, and so nobody else's, but not listening: whoever connects is refused.
        _listener.Server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _port = ((IPEndPoint)_listener.Server.LocalEndPoint!).Port;
        var before = clock.Waits.Count;
        clock.Waiting = () =>
        {
            if (Opened || clock.Waits.Count - before < refusals) return;
            Opened = true;
            _listener.Server.Listen();
            _ = LeadAsync(target);
        };
    }

    public Uri Uri => new($"https://127.0.0.1:{_port}/");

    public bool Opened { get; private set; }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task LeadAsync(int target)
    {
        try
        {
            while (true) _ = JoinAsync(await _listener.Server.AcceptAsync(_stop.Token), target);
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task JoinAsync(Socket client, int target)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, target, _stop.Token);
        await using var outer = new NetworkStream(client, ownsSocket: true);
        await using var inner = server.GetStream();
        await Task.WhenAny(outer.CopyToAsync(inner, _stop.Token), inner.CopyToAsync(outer, _stop.Token));
    }
}
