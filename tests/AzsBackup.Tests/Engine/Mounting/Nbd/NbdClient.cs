using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using AzsBackup.Engine.Mounting.Nbd;
using Xunit;

namespace AzsBackup.Tests.Engine.Mounting.Nbd;

/// <summary>A client that says what tests tell it to.</summary>
internal sealed class NbdClient : IDisposable
{
    private readonly TcpClient _socket = new();
    private Stream _stream = Stream.Null;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<NbdClient> ConnectAsync(Uri uri)
    {
        var client = new NbdClient();
        await client._socket.ConnectAsync(uri.Host, uri.Port, Cancel);
        client._stream = client._socket.GetStream();
        var greeting = await client.ReadAsync(18);
        Assert.Equal("NBDMAGICIHAVEOPT", Encoding.ASCII.GetString(greeting.AsSpan(0, 16)));
        await client.WriteAsync([0, 0, 0, 3]);
        return client;
    }

    /// <summary>Sends an option and reads replies up to the last one, whose type it gives.</summary>
    public async Task<(uint Type, List<byte[]> Replies)> AskAsync(NbdOption option, params byte[] data)
    {
        var replies = new List<byte[]>();
        await WriteAsync([.. Numbers(NbdMagic.Option), .. Numbers((uint)option), .. Numbers((uint)data.Length), .. data]);
        while (true)
        {
            var head = await ReadAsync(20);
            Assert.Equal(NbdMagic.OptionReply, BinaryPrimitives.ReadUInt64BigEndian(head));
            Assert.Equal((uint)option, BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(8)));
            var type = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(12));
            var more = await ReadAsync(BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(16)));
            if (type is 1 or >= 1U << 31) return (type, replies);
            replies.Add(more);
        }
    }

    /// <summary>Goes on to transmission.</summary>
    public async Task GoAsync(Uri uri, bool structured)
    {
        if (structured) Assert.Equal(1U, (await AskAsync(NbdOption.StructuredReply)).Type);
        Assert.Equal(1U, (await AskAsync(NbdOption.Go, Named(NameOf(uri), 0, 0))).Type);
    }

    public Task SendAsync(ushort command, ulong cookie, ulong offset, uint length, ushort flags = 0, params byte[] payload) =>
        WriteAsync([.. Numbers(NbdMagic.Request), (byte)(flags >> 8), (byte)flags, (byte)(command >> 8), (byte)command, .. Numbers(cookie), .. Numbers(offset), .. Numbers(length), .. payload]);

    /// <summary>Reads a simple reply.</summary>
    public async Task<(uint Error, ulong Cookie)> SimpleAsync()
    {
        var head = await ReadAsync(16);
        Assert.Equal(NbdMagic.SimpleReply, BinaryPrimitives.ReadUInt32BigEndian(head));
        return (BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(4)), BinaryPrimitives.ReadUInt64BigEndian(head.AsSpan(8)));
    }

    /// <summary>Reads a chunk of a structured reply.</summary>
    public async Task<(bool Done, ushort Type, ulong Cookie, byte[] Payload)> ChunkAsync()
    {
        var head = await ReadAsync(20);
        Assert.Equal(NbdMagic.StructuredReply, BinaryPrimitives.ReadUInt32BigEndian(head));
        var payload = await ReadAsync(BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(16)));
        return ((head[5] & 1) != 0, BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(6)), BinaryPrimitives.ReadUInt64BigEndian(head.AsSpan(8)), payload);
    }

    public async Task<byte[]> ReadAsync(int length)
    {
        var bytes = new byte[length];
        await _stream.ReadExactlyAsync(bytes, Cancel);
        return bytes;
    }

    public async Task<bool> IsClosedAsync()
    {
        try
        {
            return await _stream.ReadAsync(new byte[1], Cancel) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public Task WriteAsync(byte[] bytes) => _stream.WriteAsync(bytes, Cancel).AsTask();

    public static byte[] NameOf(Uri uri) => Encoding.UTF8.GetBytes(Uri.UnescapeDataString(uri.AbsolutePath[1..]));

    /// <summary>A name with its length, then more.</summary>
    public static byte[] Named(byte[] name, params byte[] more) => [.. Numbers((uint)name.Length), .. name, .. more];

    public static byte[] Numbers(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    public static byte[] Numbers(ulong number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return bytes;
    }

    public void Dispose() => _socket.Dispose();
}
