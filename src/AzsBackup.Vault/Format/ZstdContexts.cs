using System.Collections.Concurrent;
using ZstdSharp;

namespace AzsBackup.Vault.Format;

/// <summary>
/// Compression contexts, kept for the next chunk: making one costs more memory traffic than compressing a chunk. By the
/// system's library where there is one, else by the managed one: either unpacks what the other packed.
/// </summary>
/// <param name="native">Whether to use the system's library, which must be there then.</param>
internal sealed class ZstdContexts(bool native) : IDisposable
{
    private const int Level = 1;

    private readonly ConcurrentBag<Compressor> _compressors = [];
    private readonly ConcurrentBag<Decompressor> _decompressors = [];
    private readonly ConcurrentBag<ZstdNative.Packing> _packing = [];
    private readonly ConcurrentBag<ZstdNative.Unpacking> _unpacking = [];

    /// <summary>Compresses, if the result fits.</summary>
    public bool TryCompress(ReadOnlySpan<byte> content, Span<byte> destination, out int written)
    {
        if (native)
        {
            if (!_packing.TryTake(out var context))
                context = new ZstdNative.Packing();
            int? length = ZstdNative.Compress(context, content, destination, Level);
            _packing.Add(context);
            written = length ?? 0;
            return length is not null;
        }

        if (!_compressors.TryTake(out var compressor))
            compressor = new Compressor(Level);
        bool compressed = compressor.TryWrap(content, destination, out written);
        _compressors.Add(compressor);
        return compressed;
    }

    /// <summary>Unpacks into exactly this memory; <see langword="false"/> if the packed bytes are not made of just that many.</summary>
    public bool TryDecompress(ReadOnlySpan<byte> packed, Span<byte> destination)
    {
        if (native)
        {
            if (!_unpacking.TryTake(out var context))
                context = new ZstdNative.Unpacking();
            int? length = ZstdNative.Decompress(context, packed, destination);
            _unpacking.Add(context);
            return length == destination.Length;
        }

        if (!_decompressors.TryTake(out var decompressor))
            decompressor = new Decompressor();
        try
        {
            return decompressor.TryUnwrap(packed, destination, out int written) && written == destination.Length;
        }
        catch (ZstdException)
        {
            return false;
        }
        finally
        {
            _decompressors.Add(decompressor);
        }
    }

    public void Dispose()
    {
        Drain(_compressors);
        Drain(_decompressors);
        Drain(_packing);
        Drain(_unpacking);
    }

    private static void Drain<T>(ConcurrentBag<T> contexts) where T : IDisposable
    {
        while (contexts.TryTake(out var context))
            context.Dispose();
    }
}
