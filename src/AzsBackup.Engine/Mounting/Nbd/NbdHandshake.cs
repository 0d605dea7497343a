using System.Buffers.Binary;
using System.Text;

namespace AzsBackup.Engine.Mounting.Nbd;

/// <summary>
/// The fixed newstyle negotiation with one client. Memory does not follow the numbers a client sends: options are short here,
/// and a longer one ends the connection.
/// </summary>
/// <param name="stream">To the client.</param>
/// <param name="export">What can be had.</param>
/// <param name="listed">Whether clients are told the export's name, or have to know it.</param>
internal sealed class NbdHandshake(Stream stream, INbdExport export, bool listed)
{
    // No client sends more than some ten options; names have 4096 bytes at most.
    private const int MaximumOptions = 64;
    private const int MaximumOptionLength = 4 * NbdMagic.MaximumName;
    private const uint AllocationContext = 1;
    private const string Allocation = "base:allocation";
    private const string BaseNamespace = "base:";

    private bool _structured;
    private bool _blockStatus;
    private bool _noZeroes;

    /// <summary>Negotiates.</summary>
    /// <returns>What was agreed on; null if the client wants nothing more.</returns>
    /// <exception cref="NbdProtocolException">The client does not keep to the protocol.</exception>
    public async Task<NbdAgreement?> RunAsync(CancellationToken cancellationToken)
    {
        var greeting = new byte[18];
        BinaryPrimitives.WriteUInt64BigEndian(greeting, NbdMagic.Greeting);
        BinaryPrimitives.WriteUInt64BigEndian(greeting.AsSpan(8), NbdMagic.Option);
        BinaryPrimitives.WriteUInt16BigEndian(greeting.AsSpan(16), (ushort)(NbdMagic.FixedNewstyle | NbdMagic.NoZeroes));
        await stream.WriteAsync(greeting, cancellationToken).ConfigureAwait(false);

        var header = new byte[16];
        await stream.ReadExactlyAsync(header.AsMemory(0, 4), cancellationToken).ConfigureAwait(false);
        var flags = BinaryPrimitives.ReadUInt32BigEndian(header);
        if ((flags & ~(NbdMagic.FixedNewstyle | NbdMagic.NoZeroes)) != 0) throw new NbdProtocolException("The client has flags that nobody offered.");
        _noZeroes = (flags & NbdMagic.NoZeroes) != 0;
        for (var count = 0; count < MaximumOptions; count++)
        {
            await stream.ReadExactlyAsync(header, cancellationToken).ConfigureAwait(false);
            var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(12));
            if (BinaryPrimitives.ReadUInt64BigEndian(header) != NbdMagic.Option || length > MaximumOptionLength)
                throw new NbdProtocolException("An option does not begin as one, or is too long.");
            var data = new byte[length];
            await stream.ReadExactlyAsync(data, cancellationToken).ConfigureAwait(false);
            var option = (NbdOption)BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(8));
            switch (option)
            {
                case NbdOption.ExportName:
                    return await StartOldAsync(data, cancellationToken).ConfigureAwait(false);
                case NbdOption.Abort:
                    await ReplyAsync(option, NbdOptionReply.Acknowledged, [], cancellationToken).ConfigureAwait(false);
                    return null;
                case NbdOption.Go when await InformAsync(option, data, cancellationToken).ConfigureAwait(false):
                    return new NbdAgreement(_structured, _blockStatus);
                case NbdOption.Go:
                    break;
                case NbdOption.Info:
                    await InformAsync(option, data, cancellationToken).ConfigureAwait(false);
                    break;
                case NbdOption.List:
                    await ListAsync(data, cancellationToken).ConfigureAwait(false);
                    break;
                case NbdOption.StructuredReply:
                    _structured |= data.Length == 0;
                    await ReplyAsync(option, data.Length == 0 ? NbdOptionReply.Acknowledged : NbdOptionReply.Invalid, [], cancellationToken).ConfigureAwait(false);
                    break;
                case NbdOption.ListMetaContext or NbdOption.SetMetaContext:
                    await ContextsAsync(option, data, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    await ReplyAsync(option, NbdOptionReply.Unsupported, [], cancellationToken).ConfigureAwait(false);
                    break;
            }
        }

        throw new NbdProtocolException("The client goes on negotiating.");
    }

    /// <summary>The option without a reply of its own: on failure only the connection can end.</summary>
    private async Task<NbdAgreement> StartOldAsync(byte[] name, CancellationToken cancellationToken)
    {
        if (!IsExport(name)) throw new NbdProtocolException("There is no such export.");
        var answer = new byte[_noZeroes ? 10 : 134];
        WriteExport(answer);
        await stream.WriteAsync(answer, cancellationToken).ConfigureAwait(false);
        return new NbdAgreement(_structured, _blockStatus);
    }

    private async Task ListAsync(byte[] data, CancellationToken cancellationToken)
    {
        if (data.Length == 0 && listed)
        {
            var name = Encoding.UTF8.GetBytes(export.Name);
            await ReplyAsync(NbdOption.List, NbdOptionReply.Server, [.. Number(name.Length), .. name, .. Encoding.UTF8.GetBytes(export.Description)], cancellationToken).ConfigureAwait(false);
        }

        var last = data.Length > 0 ? NbdOptionReply.Invalid : listed ? NbdOptionReply.Acknowledged : NbdOptionReply.ForbiddenByPolicy;
        await ReplyAsync(NbdOption.List, last, [], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Answers <see cref="NbdOption.Info"/> and <see cref="NbdOption.Go"/>: name length (4), name, count (2), that many kinds of information (2 each).</summary>
    private async Task<bool> InformAsync(NbdOption option, byte[] data, CancellationToken cancellationToken)
    {
        if (!TryTake(data, 0, out var name, out var at) || data.Length - at < 2
            || data.Length - at - 2 != 2 * BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(at)))
        {
            await ReplyAsync(option, NbdOptionReply.Invalid, [], cancellationToken).ConfigureAwait(false);
            return false;
        }

        if (!IsExport(name.Span))
        {
            await ReplyAsync(option, NbdOptionReply.Unknown, [], cancellationToken).ConfigureAwait(false);
            return false;
        }

        var wanted = Enumerable.Range(0, (data.Length - at - 2) / 2)
            .Select(i => (NbdInfo)BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(at + 2 + 2 * i))).Distinct().Where(info => info != NbdInfo.Export);
        var summary = new byte[12];
        WriteExport(summary.AsSpan(2));
        await ReplyAsync(option, NbdOptionReply.Info, summary, cancellationToken).ConfigureAwait(false);
        foreach (var info in wanted)
        {
            byte[] more = info switch
            {
                NbdInfo.Name => Encoding.UTF8.GetBytes(export.Name),
                NbdInfo.Description => Encoding.UTF8.GetBytes(export.Description),
                NbdInfo.BlockSize => [.. Number(1), .. Number(export.PreferredBlockSize), .. Number(NbdMagic.MaximumPayload)],
                _ => [],
            };
            if (more.Length > 0)
                await ReplyAsync(option, NbdOptionReply.Info, [(byte)((ushort)info >> 8), (byte)info, .. more], cancellationToken).ConfigureAwait(false);
        }

        await ReplyAsync(option, NbdOptionReply.Acknowledged, [], cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Answers questions for metadata contexts: name length (4), name, count (4), that many times length (4) and query.</summary>
    private async Task ContextsAsync(NbdOption option, byte[] data, CancellationToken cancellationToken)
    {
        var setting = option == NbdOption.SetMetaContext;
        if (setting) _blockStatus = false;
        if ((setting && !_structured) || !TryTake(data, 0, out var name, out var at) || !TryReadQueries(data, at, out var queries))
        {
            await ReplyAsync(option, NbdOptionReply.Invalid, [], cancellationToken).ConfigureAwait(false);
            return;
        }

        if (!IsExport(name.Span))
        {
            await ReplyAsync(option, NbdOptionReply.Unknown, [], cancellationToken).ConfigureAwait(false);
            return;
        }

        if (queries.Contains(Allocation, StringComparer.Ordinal) || (!setting && (queries.Count == 0 || queries.Contains(BaseNamespace, StringComparer.Ordinal))))
        {
            _blockStatus |= setting;
            await ReplyAsync(option, NbdOptionReply.MetaContext, [.. Number((int)AllocationContext), .. Encoding.ASCII.GetBytes(Allocation)], cancellationToken).ConfigureAwait(false);
        }

        await ReplyAsync(option, NbdOptionReply.Acknowledged, [], cancellationToken).ConfigureAwait(false);
    }

    private static bool TryReadQueries(byte[] data, int at, out List<string> queries)
    {
        queries = [];
        if (data.Length - at < 4) return false;
        var count = BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(at));
        at += 4;
        for (uint i = 0; i < count; i++)
        {
            if (!TryTake(data, at, out var query, out at)) return false;
            queries.Add(Encoding.UTF8.GetString(query.Span));
        }

        return at == data.Length;
    }

    /// <summary>Takes a length (4 bytes) and as many bytes.</summary>
    private static bool TryTake(byte[] data, int at, out ReadOnlyMemory<byte> bytes, out int next)
    {
        bytes = default;
        next = at;
        if (data.Length - at < 4) return false;
        var length = BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(at));
        if (length > data.Length - at - 4) return false;
        bytes = data.AsMemory(at + 4, (int)length);
        next = at + 4 + (int)length;
        return true;
    }

    /// <summary>Whether a client asks for this export. The empty name is the default export: only where names are no secret.</summary>
    private bool IsExport(ReadOnlySpan<byte> name) =>
        (listed && name.IsEmpty) || System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(name, Encoding.UTF8.GetBytes(export.Name));

    private void WriteExport(Span<byte> answer)
    {
        BinaryPrimitives.WriteInt64BigEndian(answer, export.Size);
        var flags = NbdMagic.HasFlags | NbdMagic.ReadOnly | NbdMagic.CanMultipleConnections | (_structured ? NbdMagic.SendDontFragment : 0);
        BinaryPrimitives.WriteUInt16BigEndian(answer[8..], (ushort)flags);
    }

    private static byte[] Number(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    private async Task ReplyAsync(NbdOption option, NbdOptionReply type, byte[] data, CancellationToken cancellationToken)
    {
        var reply = new byte[20 + data.Length];
        BinaryPrimitives.WriteUInt64BigEndian(reply, NbdMagic.OptionReply);
        BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(8), (uint)option);
        BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(12), (uint)type);
        BinaryPrimitives.WriteInt32BigEndian(reply.AsSpan(16), data.Length);
        data.CopyTo(reply, 20);
        await stream.WriteAsync(reply, cancellationToken).ConfigureAwait(false);
    }
}
