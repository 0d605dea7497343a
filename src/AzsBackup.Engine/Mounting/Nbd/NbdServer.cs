using System.Net;
using System.Net.Sockets;

namespace AzsBackup.Engine.Mounting.Nbd;

/// <summary>Serves one export, read-only, to clients on this machine: on a port of 127.0.0.1 that the system chooses.</summary>
public sealed class NbdServer : IAsyncDisposable
{
    private const int MaximumConnections = 32;

    // Somebody who connects and says nothing must not keep others out.
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(200);

    private readonly INbdExport _export;
    private readonly bool _listed;
    private readonly TimeProvider _clock;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<Task> _connections = [];
    private readonly Task _accepting;

    private NbdServer(INbdExport export, bool listed, TimeProvider clock, TcpListener listener)
    {
        _export = export;
        _listed = listed;
        _clock = clock;
        _listener = listener;
        Uri = new Uri($"nbd://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/{Uri.EscapeDataString(export.Name)}");
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>What clients are given: <c>nbd://127.0.0.1:port/name</c>.</summary>
    public Uri Uri { get; }

    /// <summary>Begins to serve.</summary>
    /// <param name="export">What is served; stays the caller's.</param>
    /// <param name="listed">
    /// Whether clients that ask are told the export's name, and get it without a name. Else they have to know it: a name nobody
    /// can guess keeps other users of this machine out.
    /// </param>
    /// <param name="clock">The time.</param>
    /// <exception cref="SocketException">There is no port to be had.</exception>
    public static NbdServer Start(INbdExport export, bool listed, TimeProvider clock)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0) { ExclusiveAddressUse = true };
        listener.Start();
        return new NbdServer(export, listed, clock, listener);
    }

    /// <summary>Ends all connections and gives the port back. No read of the export is under way when this returns.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        Task[] left;
        lock (_connections) left = [.. _connections];
        await Task.WhenAll(left).ConfigureAwait(false);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Take(await _listener.AcceptSocketAsync(_stop.Token).ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // The system is short of sockets, or a client left at once: the next one may fare better.
                await Task.Delay(AcceptPause, _clock, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private void Take(Socket socket)
    {
        lock (_connections)
        {
            if (_connections.Count >= MaximumConnections)
            {
                socket.Dispose();
                return;
            }

            var serving = Task.Run(() => ServeAsync(socket));
            _connections.Add(serving);
            _ = serving.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Forget(Task connection)
    {
        lock (_connections) _connections.Remove(connection);
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        var stream = new NetworkStream(socket, ownsSocket: true);
        await using (stream.ConfigureAwait(false))
        {
            await ServeAsync(stream, _export, _listed, _clock, _stop.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Serves one client until it leaves, breaks the protocol or the token is cancelled.</summary>
    /// <param name="client">To the client; stays the caller's.</param>
    /// <param name="export">What is served.</param>
    /// <param name="listed">As of <see cref="Start"/>.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancellationToken">Ends the connection.</param>
    public static async Task ServeAsync(Stream client, INbdExport export, bool listed, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            if (await NegotiateAsync(client, export, listed, clock, cancellationToken).ConfigureAwait(false) is not { } agreed) return;
            using var transmission = new NbdTransmission(client, export, agreed);
            await transmission.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or NbdProtocolException)
        {
            // However a client goes, it is gone; others are served on.
        }
    }

    private static async Task<NbdAgreement?> NegotiateAsync(Stream client, INbdExport export, bool listed, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(HandshakeTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        return await new NbdHandshake(client, export, listed).RunAsync(either.Token).ConfigureAwait(false);
    }
}
