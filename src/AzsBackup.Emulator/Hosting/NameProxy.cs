using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace AzsBackup.Emulator.Hosting;

/// <summary>
/// An HTTP proxy on loopback by which clients reach the stack under a stamp's host names, without DNS, a hosts file or root:
/// it takes CONNECT (RFC 9110, section 9.3.6) to names below the stamp's domain and leads each to the stack's HTTPS port.
/// Any other host is refused, so that a client that strays shows it.
/// </summary>
internal sealed class NameProxy(string domain, Func<int> httpsPort)
{
    private const int MostHeadBytes = 16 * 1024;

    /// <summary>Serves one connection until either side ends it.</summary>
    public async Task HandleAsync(ConnectionContext connection)
    {
        PipeReader input = connection.Transport.Input;
        PipeWriter output = connection.Transport.Output;
        if (await ReadHeadAsync(input, connection.ConnectionClosed) is not { } head)
            return;
        if (head.Split(' ') is not ["CONNECT", var target, ..])
        {
            await AnswerAsync(output, "405 Method Not Allowed");
            return;
        }

        string host = target.Split(':')[0];
        if (!host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase))
        {
            await AnswerAsync(output, "403 Forbidden");
            return;
        }

        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, httpsPort()), connection.ConnectionClosed);
        await using NetworkStream stream = new(socket);
        await output.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), connection.ConnectionClosed);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        Task up = input.CopyToAsync(stream, over.Token);
        Task down = stream.CopyToAsync(output, over.Token);
        await Task.WhenAny(up, down);
        await over.CancelAsync();
        try
        {
            await Task.WhenAll(up, down);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // One side has hung up; that is how a tunnel ends.
        }
    }

    /// <summary>The request line, the rest of the head being read and forgotten; <see langword="null"/> if there is none.</summary>
    private static async Task<string?> ReadHeadAsync(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await input.ReadAsync(cancellationToken);
            SequenceReader<byte> reader = new(read.Buffer);
            if (reader.TryReadTo(out ReadOnlySequence<byte> head, "\r\n\r\n"u8))
            {
                string text = Encoding.ASCII.GetString(head);
                input.AdvanceTo(reader.Position);
                return text.Split("\r\n")[0];
            }

            if (read.IsCompleted || read.Buffer.Length > MostHeadBytes)
                return null;
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static async Task AnswerAsync(PipeWriter output, string status) =>
        await output.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
}
