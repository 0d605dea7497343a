using System.Collections.Concurrent;
using ZstdSharp;

namespace AzsBackup.Vault.Format;

/// <summary>Compression contexts, kept for the next chunk: making one costs more memory traffic than compressing a chunk.</summary>
internal sealed class ZstdContexts : IDisposable
{
    private const int Level = 1;

    private readonly ConcurrentBag<Compressor> _compressors = [];
    private readonly ConcurrentBag<Decompressor> _decompressors = [];

    /// <summary>Compresses, if the result fits.</summary>
    public bool TryCompress(ReadOnlySpan<byte> content, Span<byte> destination, out int written)
    {
        if (!_compressors.TryTake(out var compressor))
            compressor = new Compressor(Level);
        bool compressed = compressor.TryWrap(content, destination, out written);
        _compressors.Add(compressor);
        return compressed;
    }

    /// <summary>Unpacks into exactly this memory; <see langword="false"/> if the packed bytes are not made of just that many.</summary>
    public bool TryDecompress(ReadOnlySpan<byte> packed, Span<byte> destination)
    {
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
        while (_compressors.TryTake(out var compressor))
            compressor.Dispose();
        while (_decompressors.TryTake(out var decompressor))
            decompressor.Dispose();
    }
}
