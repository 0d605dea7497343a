using System.Buffers.Binary;
using AzsBackup.Engine.Mounting.Nbd;
using AzsBackup.Vault;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzsBackup.Tests.Engine.Mounting.Nbd;

public sealed class NbdServerTests
{
    private const int Chunk = VaultOptions.MinimumChunkSize;
    private const uint NotPermitted = 1;
    private const uint Failed = 5;
    private const uint Invalid = 22;

    private static byte[] Image { get; } = MakeImage();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_AnyRange_IsTheDisk(bool structured)
    {
        await using var rig = await MountRig.CreateAsync(Image);
        var uri = (await rig.MountAsync())[0].Uri;
        using var client = await NbdClient.ConnectAsync(uri);
        await client.GoAsync(uri, structured);
        var random = new Random(7);
        for (ulong cookie = 0; cookie < 200; cookie++)
        {
            var offset = random.Next(Image.Length);
            var length = random.Next(1, Math.Min(Image.Length - offset, random.Next(1, 3 * Chunk)) + 1);
            await client.SendAsync(0, cookie, (ulong)offset, (uint)length, structured && cookie % 3 == 0 ? NbdMagic.DontFragment : (ushort)0);
            var read = structured ? await GatherAsync(client, cookie, offset, length) : await TakeAsync(client, cookie, length);
            Assert.True(Image.AsSpan(offset, length).SequenceEqual(read), $"{offset}, {length}");
        }
    }

    [Fact]
    public async Task Read_ManyAtOnceFromManyConnections_EachIsAnsweredRightInAnyOrder()
    {
        await using var rig = await MountRig.CreateAsync(Image);
        var uri = (await rig.MountAsync())[0].Uri;
        await Parallel.ForAsync(0, 6, TestContext.Current.CancellationToken, async (_, _) =>
        {
            using var client = await NbdClient.ConnectAsync(uri);
            await client.GoAsync(uri, structured: false);
            var asked = Enumerable.Range(0, 64).ToDictionary(i => (ulong)i, i => i * 37_813 % (Image.Length - 5000));
            foreach (var (cookie, offset) in asked) await client.SendAsync(0, cookie, (ulong)offset, 5000);
            while (asked.Count > 0)
            {
                var (error, cookie) = await client.SimpleAsync();
                Assert.Equal(0U, error);
                Assert.True(asked.Remove(cookie, out var offset));
                var read = await client.ReadAsync(5000);
                Assert.True(Image.AsSpan(offset, 5000).SequenceEqual(read));
            }
        });
    }

    [Fact]
    public async Task BlockStatus_TellsEveryRunOfZeroChunks()
    {
        await using var rig = await MountRig.CreateAsync(Image);
        var uri = (await rig.MountAsync())[0].Uri;
        using var client = await NbdClient.ConnectAsync(uri);
        await client.AskAsync(NbdOption.StructuredReply);
        var (type, contexts) = await client.AskAsync(NbdOption.SetMetaContext, NbdClient.Named(NbdClient.NameOf(uri), [.. NbdClient.Numbers(1U), .. NbdClient.Named("base:allocation"u8.ToArray())]));
        Assert.Equal(1U, type);
        Assert.Single(contexts);
        await client.GoAsync(uri, structured: false);

        await client.SendAsync(7, 1, 100, (uint)Image.Length - 100);

        var status = (await client.ChunkAsync()).Payload;
        var at = 100;
        for (var i = 4; i < status.Length; i += 8)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(status.AsSpan(i));
            Assert.Equal(BinaryPrimitives.ReadUInt32BigEndian(status.AsSpan(i + 4)) == 3, !Image.AsSpan(at, length).ContainsAnyExcept((byte)0));
            at += length;
        }

        Assert.Equal(Image.Length, at);
        Assert.True(status.Length > 20);
    }

    [Fact]
    public async Task Read_DamagedChunk_IsAnErrorForItsRangeOnly_AndWarnedOf()
    {
        await using var rig = await MountRig.CreateAsync(Image);
        rig.DamageChunks();
        var mount = (await rig.MountAsync())[0];
        using var client = await NbdClient.ConnectAsync(mount.Uri);
        await client.GoAsync(mount.Uri, structured: true);

        // A chunk of zeros needs nothing of the vault, the one behind it does.
        await client.SendAsync(0, 1, Chunk, 2 * Chunk);
        var hole = await client.ChunkAsync();
        var error = await client.ChunkAsync();

        Assert.Equal((false, (ushort)2), (hole.Done, hole.Type));
        Assert.Equal((true, (ushort)NbdReplyType.ErrorOffset), (error.Done, error.Type));
        Assert.Equal(Failed, BinaryPrimitives.ReadUInt32BigEndian(error.Payload));
        Assert.Equal(2UL * Chunk, BinaryPrimitives.ReadUInt64BigEndian(error.Payload.AsSpan(error.Payload.Length - 8)));
        Assert.Contains($"Bytes {2 * Chunk} to ", Assert.Single(mount.Warnings), StringComparison.Ordinal);

        using var old = await NbdClient.ConnectAsync(mount.Uri);
        await old.GoAsync(mount.Uri, structured: false);
        await old.SendAsync(0, 2, Chunk, 2 * Chunk);
        Assert.Equal((Failed, 2UL), await old.SimpleAsync());
        Assert.Single(mount.Warnings);
    }

    [Theory]
    [InlineData(1, 0, 512, 512, NotPermitted)]
    [InlineData(4, 0, 512, 0, NotPermitted)]
    [InlineData(6, 0, 512, 0, NotPermitted)]
    [InlineData(0, ulong.MaxValue, 512, 0, Invalid)]
    [InlineData(0, 0, uint.MaxValue, 0, Invalid)]
    [InlineData(7, 0, 512, 0, Invalid)]
    [InlineData(99, 0, 0, 0, Invalid)]
    public async Task Request_ThatIsNotToBeHad_IsRefusedAndTheConnectionGoesOn(ushort command, ulong offset, uint length, int payload, uint error)
    {
        await using var rig = await MountRig.CreateAsync(Image);
        var uri = (await rig.MountAsync())[0].Uri;
        using var client = await NbdClient.ConnectAsync(uri);
        await client.GoAsync(uri, structured: false);

        await client.SendAsync(command, 5, offset, length, 0, new byte[payload]);

        Assert.Equal((error, 5UL), await client.SimpleAsync());
        await client.SendAsync(0, 6, 0, 10);
        Assert.Equal(Image[..10], await TakeAsync(client, 6, 10));
    }

    [Fact]
    public async Task Name_Unlisted_HasToBeKnown()
    {
        await using var rig = await MountRig.CreateAsync(Image);
        var uri = (await rig.MountAsync())[0].Uri;
        using var client = await NbdClient.ConnectAsync(uri);

        Assert.Equal((uint)NbdOptionReply.ForbiddenByPolicy, (await client.AskAsync(NbdOption.List)).Type);
        Assert.Equal((uint)NbdOptionReply.Unknown, (await client.AskAsync(NbdOption.Go, NbdClient.Named([], 0, 0))).Type);
        Assert.Equal((uint)NbdOptionReply.Unknown, (await client.AskAsync(NbdOption.Info, NbdClient.Named(NbdClient.NameOf(uri)[..^1], 0, 0))).Type);
        Assert.Equal(1U, (await client.AskAsync(NbdOption.Info, NbdClient.Named(NbdClient.NameOf(uri), 0, 0))).Type);
        Assert.Equal(1U, (await client.AskAsync(NbdOption.Abort)).Type);
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task ExportName_OldClient_ReadsAndAWrongNameEndsTheConnection()
    {
        await using var rig = await MountRig.CreateAsync(Image);
        var uri = (await rig.MountAsync())[0].Uri;
        using var client = await NbdClient.ConnectAsync(uri);
        var name = NbdClient.NameOf(uri);
        await client.WriteAsync([.. NbdClient.Numbers(NbdMagic.Option), 0, 0, 0, 1, .. NbdClient.Numbers((uint)name.Length), .. name]);
        Assert.Equal((ulong)Image.Length, BinaryPrimitives.ReadUInt64BigEndian(await client.ReadAsync(10)));
        await client.SendAsync(0, 6, 0, 10);
        Assert.Equal(Image[..10], await TakeAsync(client, 6, 10));

        using var stranger = await NbdClient.ConnectAsync(uri);
        await stranger.WriteAsync([.. NbdClient.Numbers(NbdMagic.Option), 0, 0, 0, 1, 0, 0, 0, 1, 65]);
        Assert.True(await stranger.IsClosedAsync());
    }

    [Fact]
    public async Task Dispose_ClientsConnected_CutsThemOffAndFreesThePort()
    {
        await using var rig = await MountRig.CreateAsync(Image);
        var export = await rig.ExportAsync();
        var server = NbdServer.Start(export, listed: true, TimeProvider.System);
        using var client = await NbdClient.ConnectAsync(server.Uri);
        await client.GoAsync(server.Uri, structured: true);

        await server.DisposeAsync();

        Assert.True(await client.IsClosedAsync());
        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(() => NbdClient.ConnectAsync(server.Uri));
    }

    /// <summary>Whatever a client sends: the conversation ends, nothing is thrown, and memory does not follow the client's numbers.</summary>
    [Fact]
    public async Task Conversation_ArbitraryBytes_EndsCleanly()
    {
        await using var rig = await MountRig.CreateAsync(Image[..(2 * Chunk)]);
        var export = await rig.ExportAsync();
        Prop.ForAll(Conversations(), bytes =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            using var client = new ScriptedStream(bytes);
            var ended = NbdServer.ServeAsync(client, export, listed: true, TimeProvider.System, TestContext.Current.CancellationToken);
            Assert.True(ended.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1500).WithEndSize(60));
    }

    /// <summary>Negotiations and requests that are right in part: each message as it should be, or with something changed.</summary>
    private static Arbitrary<byte[]> Conversations()
    {
        var number = Gen.OneOf(Gen.Choose(0, 40).Select(n => (uint)n), Gen.Elements(0U, 512U, (uint)Chunk, 1U << 25, uint.MaxValue, 1U << 31), ArbMap.Default.GeneratorFor<uint>());
        var names = Gen.Elements<byte[]>([], "disk"u8.ToArray(), "other"u8.ToArray(), new byte[5000]);
        var bytes = ArbMap.Default.GeneratorFor<byte[]>();
        var data = Gen.OneOf(
            bytes,
            from name in names from more in bytes select NbdClient.Named(name, more),
            from name in names select NbdClient.Named(name, 0, 2, 0, 3, 0, 1),
            from name in names from count in number select NbdClient.Named(name, [.. NbdClient.Numbers(count), .. NbdClient.Named("base:allocation"u8.ToArray())]));
        var option =
            from kind in Gen.Choose(0, 12)
            from body in data
            from length in Gen.Frequency((12, Gen.Constant((uint)body.Length)), (1, number))
            select (byte[])[.. NbdClient.Numbers(NbdMagic.Option), .. NbdClient.Numbers((uint)kind), .. NbdClient.Numbers(length), .. body];
        var go = Gen.Constant<byte[]>([.. NbdClient.Numbers(NbdMagic.Option), 0, 0, 0, 7, 0, 0, 0, 10, .. NbdClient.Named("disk"u8.ToArray(), 0, 0)]);
        var request =
            from command in Gen.Choose(0, 9)
            from flags in Gen.Choose(0, 15)
            from offset in number
            from high in Gen.Frequency((9, Gen.Constant(0U)), (1, number))
            from length in number
            select (byte[])[.. NbdClient.Numbers(NbdMagic.Request), 0, (byte)flags, 0, (byte)command, .. NbdClient.Numbers(7UL), .. NbdClient.Numbers(high), .. NbdClient.Numbers(offset), .. NbdClient.Numbers(length)];
        return (
            from flags in Gen.Frequency((20, Gen.Choose(0, 3)), (1, Gen.Choose(4, 255)))
            from options in option.ListOf()
            from start in Gen.Frequency((9, go), (1, bytes))
            from requests in Gen.Frequency((9, request), (1, bytes)).ListOf()
            select (byte[])[0, 0, 0, (byte)flags, .. options.Take(6).SelectMany(part => part), .. start, .. requests.SelectMany(part => part)]).Resize(20).ToArbitrary();
    }

    /// <summary>Data, zeros, data, zeros, zeros and a short chunk of data.</summary>
    private static byte[] MakeImage()
    {
        var image = new byte[(5 * Chunk) + 4096];
        foreach (var chunk in new[] { 0, 2, 5 }) new Random(chunk).NextBytes(image.AsSpan(chunk * Chunk, Math.Min(Chunk, image.Length - (chunk * Chunk))));
        return image;
    }

    private static async Task<byte[]> TakeAsync(NbdClient client, ulong cookie, int length)
    {
        Assert.Equal((0U, cookie), await client.SimpleAsync());
        return await client.ReadAsync(length);
    }

    private static async Task<byte[]> GatherAsync(NbdClient client, ulong cookie, int offset, int length)
    {
        var read = new byte[length];
        read.AsSpan().Fill(0xAA);
        var covered = 0;
        while (true)
        {
            var (done, type, echoed, payload) = await client.ChunkAsync();
            Assert.Equal(cookie, echoed);
            var at = (int)(BinaryPrimitives.ReadInt64BigEndian(payload) - offset);
            if (type == (ushort)NbdReplyType.OffsetData) payload.AsSpan(8).CopyTo(read.AsSpan(at));
            else read.AsSpan(at, BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(8))).Clear();
            covered += type == (ushort)NbdReplyType.OffsetData ? payload.Length - 8 : BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(8));
            if (!done) continue;
            Assert.Equal(length, covered);
            return read;
        }
    }
}
