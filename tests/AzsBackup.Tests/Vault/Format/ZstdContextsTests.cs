using AzsBackup.Vault.Format;
using FsCheck.Xunit;
using Xunit;

namespace AzsBackup.Tests.Vault.Format;

/// <summary>The system's library and the managed one: what one packs the other unpacks, and neither takes anything else.</summary>
public sealed class ZstdContextsTests : IDisposable
{
    private readonly ZstdContexts _managed = new(native: false);
    private readonly ZstdContexts? _native = ZstdNative.IsAvailable ? new ZstdContexts(native: true) : null;

    private IEnumerable<ZstdContexts> All => _native is null ? [_managed] : [_managed, _native];

    public void Dispose()
    {
        _managed.Dispose();
        _native?.Dispose();
    }

    [Fact]
    public void Native_OnLinuxWithTheLibrary_IsUsed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && System.Runtime.InteropServices.NativeLibrary.TryLoad("libzstd.so.1", out _), "This machine has no libzstd.so.1.");
        Assert.NotNull(_native);
    }

    [Property(MaxTest = 200)]
    public bool Packed_ByEither_UnpacksByBoth(byte[] seed, ushort repeats)
    {
        byte[] content = [.. Enumerable.Repeat(seed, (repeats % 400) + 1).SelectMany(part => part)];
        byte[] packed = new byte[content.Length + 512];
        byte[] plain = new byte[content.Length];
        return All.All(packer => packer.TryCompress(content, packed, out int length)
            && All.All(unpacker => unpacker.TryDecompress(packed.AsSpan(0, length), plain) && plain.AsSpan().SequenceEqual(content)));
    }

    [Property(MaxTest = 200)]
    public bool Unpacking_IntoAnotherLength_IsRefused(byte[] content, byte more)
    {
        byte[] packed = new byte[content.Length + 512];
        return All.All(packer => packer.TryCompress(content, packed, out int length)
            && All.All(unpacker => !unpacker.TryDecompress(packed.AsSpan(0, length), new byte[content.Length + more + 1])
                && (content.Length == 0 || !unpacker.TryDecompress(packed.AsSpan(0, length), new byte[content.Length - 1]))));
    }

    [Property(MaxTest = 300)]
    public bool Unpacking_ArbitraryBytes_IsRefusedOrExact(byte[] bytes, byte length)
    {
        // Arbitrary bytes are hardly ever a frame; that nothing else happens is what is tested.
        foreach (var unpacker in All)
            unpacker.TryDecompress(bytes, new byte[length]);
        return true;
    }

    [Property(MaxTest = 300)]
    public bool Unpacking_DamagedFrame_StaysWithinItsMemory(byte[] seed, ushort at, byte flip)
    {
        byte[] content = [.. Enumerable.Repeat(seed, 50).SelectMany(part => part)];
        byte[] packed = new byte[content.Length + 512];
        return All.All(packer =>
        {
            if (!packer.TryCompress(content, packed, out int length))
                return false;
            packed[at % length] ^= (byte)(flip | 1);
            byte[] room = new byte[content.Length + 64];
            foreach (var unpacker in All)
                unpacker.TryDecompress(packed.AsSpan(0, length), room.AsSpan(32, content.Length));
            return !room.AsSpan(0, 32).ContainsAnyExcept((byte)0) && !room.AsSpan(^32).ContainsAnyExcept((byte)0);
        });
    }

    [Fact]
    public void Packing_IntoTooLittleRoom_IsRefused()
    {
        byte[] noise = new byte[100_000];
        new Random(1).NextBytes(noise);
        Assert.All(All, packer => Assert.False(packer.TryCompress(noise, new byte[noise.Length - 3_000], out _)));
    }
}
