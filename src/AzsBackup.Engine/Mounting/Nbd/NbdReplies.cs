using System.Buffers.Binary;
using System.Text;

namespace AzsBackup.Engine.Mounting.Nbd;

/// <summary>Sends replies to one client: one message after the other, whoever asks. Safe for concurrent use.</summary>
/// <param name="stream">To the client.</param>
/// <param name="structured">Whether structured replies were agreed on.</param>
internal sealed class NbdReplies(Stream stream, bool structured) : IDisposable
{
    private const int ChunkHeader = 20;

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Waits for the turn to send. Dispose the result when the message is complete.</summary>
    public async ValueTask<Turn> BeginAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(_turn);
    }

    /// <summary>Takes the turn to send if nobody has it.</summary>
    public bool TryBegin(out Turn turn)
    {
        var free = _turn.Wait(0, CancellationToken.None);
        turn = free ? new Turn(_turn) : default;
        return free;
    }

    /// <summary>Bytes of a message whose head was sent. Needs the turn.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => stream.WriteAsync(bytes, cancellationToken);

    /// <summary>The head of a reply that holds a read's data in one piece. Needs the turn; the data follow.</summary>
    public ValueTask BeginWholeAsync(NbdRequest request, CancellationToken cancellationToken) =>
        structured
            ? BeginDataAsync(request, request.Offset, (int)request.Length, last: true, cancellationToken)
            : WriteAsync(Simple(request.Cookie, NbdError.None), cancellationToken);

    /// <summary>The head of a chunk of data. Needs the turn; the data follow.</summary>
    public ValueTask BeginDataAsync(NbdRequest request, ulong offset, int length, bool last, CancellationToken cancellationToken)
    {
        var head = Chunk(request.Cookie, NbdReplyType.OffsetData, last, 8, length);
        BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(ChunkHeader), offset);
        return WriteAsync(head, cancellationToken);
    }

    /// <summary>A chunk that says that a range is zeros.</summary>
    public Task HoleAsync(NbdRequest request, ulong offset, int length, bool last, CancellationToken cancellationToken)
    {
        var chunk = Chunk(request.Cookie, NbdReplyType.OffsetHole, last, 12, 0);
        BinaryPrimitives.WriteUInt64BigEndian(chunk.AsSpan(ChunkHeader), offset);
        BinaryPrimitives.WriteInt32BigEndian(chunk.AsSpan(ChunkHeader + 8), length);
        return SendAsync(chunk, cancellationToken);
    }

    /// <summary>The whole answer to a request that has no data.</summary>
    public Task EmptyAsync(NbdRequest request, CancellationToken cancellationToken) =>
        SendAsync(structured ? Chunk(request.Cookie, NbdReplyType.None, last: true, 0, 0) : Simple(request.Cookie, NbdError.None), cancellationToken);

    /// <summary>The whole answer to a request that failed.</summary>
    public Task ErrorAsync(NbdRequest request, NbdError error, string message, CancellationToken cancellationToken) =>
        SendAsync(structured ? Error(request, NbdReplyType.Error, error, message, true, 0) : Simple(request.Cookie, error), cancellationToken);

    /// <summary>A chunk that says that a range can't be read; its first byte is named.</summary>
    public Task ErrorAtAsync(NbdRequest request, ulong offset, string message, bool last, CancellationToken cancellationToken)
    {
        var chunk = Error(request, NbdReplyType.ErrorOffset, NbdError.InputOutput, message, last, 8);
        BinaryPrimitives.WriteUInt64BigEndian(chunk.AsSpan(chunk.Length - 8), offset);
        return SendAsync(chunk, cancellationToken);
    }

    /// <summary>The status of extents that follow each other, of the one metadata context there is.</summary>
    public Task StatusAsync(NbdRequest request, IReadOnlyList<NbdExtent> extents, CancellationToken cancellationToken)
    {
        var chunk = Chunk(request.Cookie, NbdReplyType.BlockStatus, last: true, 4 + 8 * extents.Count, 0);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(ChunkHeader), 1);
        for (var i = 0; i < extents.Count; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(ChunkHeader + 4 + 8 * i), (uint)extents[i].Length);
            BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(ChunkHeader + 8 + 8 * i), extents[i].IsZero ? NbdMagic.HoleAndZero : 0);
        }

        return SendAsync(chunk, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task SendAsync(byte[] message, CancellationToken cancellationToken)
    {
        using var turn = await BeginAsync(cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync(message, cancellationToken).ConfigureAwait(false);
    }

    private static byte[] Simple(ulong cookie, NbdError error)
    {
        var reply = new byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(reply, NbdMagic.SimpleReply);
        BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(4), (uint)error);
        BinaryPrimitives.WriteUInt64BigEndian(reply.AsSpan(8), cookie);
        return reply;
    }

    /// <summary>Magic (4), flags (2), type (2), cookie (8), length of what follows (4); then room for what the chunk itself says.</summary>
    private static byte[] Chunk(ulong cookie, NbdReplyType type, bool last, int room, int dataLength)
    {
        var chunk = new byte[ChunkHeader + room];
        BinaryPrimitives.WriteUInt32BigEndian(chunk, NbdMagic.StructuredReply);
        BinaryPrimitives.WriteUInt16BigEndian(chunk.AsSpan(4), last ? NbdMagic.Done : (ushort)0);
        BinaryPrimitives.WriteUInt16BigEndian(chunk.AsSpan(6), (ushort)type);
        BinaryPrimitives.WriteUInt64BigEndian(chunk.AsSpan(8), cookie);
        BinaryPrimitives.WriteInt32BigEndian(chunk.AsSpan(16), room + dataLength);
        return chunk;
    }

    private static byte[] Error(NbdRequest request, NbdReplyType type, NbdError error, string message, bool last, int more)
    {
        var text = Encoding.UTF8.GetBytes(message);
        text = text.Length <= NbdMagic.MaximumName ? text : [];
        var chunk = Chunk(request.Cookie, type, last, 6 + text.Length + more, 0);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(ChunkHeader), (uint)error);
        BinaryPrimitives.WriteUInt16BigEndian(chunk.AsSpan(ChunkHeader + 4), (ushort)text.Length);
        text.CopyTo(chunk, ChunkHeader + 6);
        return chunk;
    }

    /// <summary>The turn to send.</summary>
    public readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => turn?.Release();
    }
}
