using System.Buffers;

namespace AzsBackup.Engine.Mounting.Nbd;

/// <summary>
/// Answers the requests of one client, many at once and each when it is ready. What a client can make this hold is bounded:
/// a number of requests, and for the one that is being sent, one piece of the export.
/// </summary>
internal sealed class NbdTransmission(Stream stream, INbdExport export, NbdAgreement agreed) : IDisposable
{
    private const int MaximumInFlight = 32;
    private const int MaximumExtents = 4096;

    private static readonly byte[] Zeros = new byte[64 << 10];

    private readonly NbdReplies _replies = new(stream, agreed.StructuredReplies);
    private readonly SemaphoreSlim _slots = new(MaximumInFlight);
    private Exception? _failure;

    /// <summary>Answers until the client leaves.</summary>
    /// <exception cref="NbdProtocolException">The client does not keep to the protocol.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await TakeRequestsAsync(stop).ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            for (var slot = 0; slot < MaximumInFlight; slot++) await _slots.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            if (_failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _replies.Dispose();
        _slots.Dispose();
    }

    private async Task TakeRequestsAsync(CancellationTokenSource stop)
    {
        var wire = new byte[NbdRequest.WireLength];
        while (true)
        {
            await stream.ReadExactlyAsync(wire, stop.Token).ConfigureAwait(false);
            var request = NbdRequest.Read(wire);
            if (request.Command == NbdCommand.Disconnect) return;
            if (request.Command == NbdCommand.Write) await SkipAsync(request.Length, stop.Token).ConfigureAwait(false);
            await _slots.WaitAsync(stop.Token).ConfigureAwait(false);
            _ = Task.Run(() => ServeAsync(request, stop), CancellationToken.None);
        }
    }

    /// <summary>Reads what a client wants to write, to find its next request behind it.</summary>
    private async Task SkipAsync(uint length, CancellationToken cancellationToken)
    {
        if (length > NbdMagic.MaximumPayload) throw new NbdProtocolException("A write is longer than one may be.");
        var buffer = ArrayPool<byte>.Shared.Rent(Zeros.Length);
        try
        {
            for (var left = (int)length; left > 0;)
            {
                var part = buffer.AsMemory(0, Math.Min(left, buffer.Length));
                await stream.ReadExactlyAsync(part, cancellationToken).ConfigureAwait(false);
                left -= part.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task ServeAsync(NbdRequest request, CancellationTokenSource stop)
    {
        try
        {
            await AnswerAsync(request, stop.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // The connection is of no use any more; whoever reads from it finds out by the token, and tells.
            if (failure is not OperationCanceledException) Interlocked.CompareExchange(ref _failure, failure, null);
            await stop.CancelAsync().ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    private Task AnswerAsync(NbdRequest request, CancellationToken cancellationToken)
    {
        if (request.Command is NbdCommand.Write or NbdCommand.Trim or NbdCommand.WriteZeroes)
            return _replies.ErrorAsync(request, NbdError.NotPermitted, "This export is read-only.", cancellationToken);
        var known = request.Command switch
        {
            NbdCommand.Read => agreed.StructuredReplies ? NbdMagic.DontFragment : (ushort)0,
            NbdCommand.BlockStatus when agreed.BlockStatus => NbdMagic.RequireOne,
            _ => (ushort?)null,
        };
        if (known is not { } flags || (request.Flags & ~flags) != 0)
            return _replies.ErrorAsync(request, NbdError.Invalid, "This was not agreed on.", cancellationToken);
        if (request.Offset > (ulong)export.Size || request.Length > (ulong)export.Size - request.Offset)
            return _replies.ErrorAsync(request, NbdError.Invalid, "This is beyond the end of the export.", cancellationToken);
        if (request.Command == NbdCommand.BlockStatus)
        {
            return request.Length == 0
                ? _replies.ErrorAsync(request, NbdError.Invalid, "The status of nothing can't be told.", cancellationToken)
                : TellStatusAsync(request, cancellationToken);
        }

        if (request.Length > NbdMagic.MaximumPayload)
            return _replies.ErrorAsync(request, NbdError.Invalid, "This is more than can be read at once.", cancellationToken);
        if (request.Length == 0) return _replies.EmptyAsync(request, cancellationToken);
        return agreed.StructuredReplies && (request.Flags & NbdMagic.DontFragment) == 0
            ? SendPiecesAsync(request, cancellationToken)
            : SendWholeAsync(request, cancellationToken);
    }

    private Task TellStatusAsync(NbdRequest request, CancellationToken cancellationToken)
    {
        var extents = new List<NbdExtent>();
        var most = (request.Flags & NbdMagic.RequireOne) != 0 ? 1 : MaximumExtents;
        for (long done = 0; done < request.Length && extents.Count < most; done += extents[^1].Length)
            extents.Add(export.ExtentAt((long)request.Offset + done, request.Length - done));
        return _replies.StatusAsync(request, extents, cancellationToken);
    }

    /// <summary>Answers a read piece by piece: a piece that can't be read does not hide the others.</summary>
    private async Task SendPiecesAsync(NbdRequest request, CancellationToken cancellationToken)
    {
        var offset = (long)request.Offset;
        var end = offset + request.Length;
        while (offset < end)
        {
            var extent = export.ExtentAt(offset, end - offset);
            var next = offset + extent.Length;
            if (extent.IsZero) await _replies.HoleAsync(request, (ulong)offset, (int)extent.Length, next == end, cancellationToken).ConfigureAwait(false);
            else next = await SendPieceAsync(request, offset, (int)extent.Length, end, cancellationToken).ConfigureAwait(false);
            offset = next;
        }
    }

    private async Task<long> SendPieceAsync(NbdRequest request, long offset, int limit, long end, CancellationToken cancellationToken)
    {
        IMemoryOwner<byte> piece;
        try
        {
            piece = await export.ReadAsync(offset, limit, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            var next = offset + export.PieceAt(offset, limit);
            await _replies.ErrorAtAsync(request, (ulong)offset, failure.Message, next == end, cancellationToken).ConfigureAwait(false);
            return next;
        }

        using (piece)
        {
            if (_replies.TryBegin(out var free))
            {
                using (free) return await SendAsync(piece.Memory).ConfigureAwait(false);
            }
        }

        // Another reply is being sent: whoever waits for his turn holds no memory, and finds the piece in the cache.
        using var turn = await _replies.BeginAsync(cancellationToken).ConfigureAwait(false);
        using var again = await export.ReadAsync(offset, limit, cancellationToken).ConfigureAwait(false);
        return await SendAsync(again.Memory).ConfigureAwait(false);

        async Task<long> SendAsync(ReadOnlyMemory<byte> data)
        {
            await _replies.BeginDataAsync(request, (ulong)offset, data.Length, offset + data.Length == end, cancellationToken).ConfigureAwait(false);
            await _replies.WriteAsync(data, cancellationToken).ConfigureAwait(false);
            return offset + data.Length;
        }
    }

    /// <summary>
    /// Answers a read in one piece, which begins by saying that it succeeds: so everything is read before, and once more from the
    /// cache while it is sent. If that fails, the connection breaks: no wrong byte is sent.
    /// </summary>
    private async Task SendWholeAsync(NbdRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await EachPieceAsync(request, (_, _) => ValueTask.CompletedTask, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            await _replies.ErrorAsync(request, NbdError.InputOutput, failure.Message, cancellationToken).ConfigureAwait(false);
            return;
        }

        using var turn = await _replies.BeginAsync(cancellationToken).ConfigureAwait(false);
        await _replies.BeginWholeAsync(request, cancellationToken).ConfigureAwait(false);
        await EachPieceAsync(request, _replies.WriteAsync, cancellationToken).ConfigureAwait(false);
    }

    private async Task EachPieceAsync(NbdRequest request, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> use, CancellationToken cancellationToken)
    {
        var offset = (long)request.Offset;
        var end = offset + request.Length;
        while (offset < end)
        {
            var extent = export.ExtentAt(offset, end - offset);
            if (extent.IsZero)
            {
                var zeros = Zeros.AsMemory(0, (int)Math.Min(extent.Length, Zeros.Length));
                await use(zeros, cancellationToken).ConfigureAwait(false);
                offset += zeros.Length;
                continue;
            }

            using var piece = await export.ReadAsync(offset, (int)extent.Length, cancellationToken).ConfigureAwait(false);
            await use(piece.Memory, cancellationToken).ConfigureAwait(false);
            offset += piece.Memory.Length;
        }
    }
}
