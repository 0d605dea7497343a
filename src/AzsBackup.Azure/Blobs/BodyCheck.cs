using System.Buffers.Binary;
using System.Security.Cryptography;
using Azure.Core;

namespace AzsBackup.Azure.Blobs;

/// <summary>Compares a body with the checksum the service sent along, piece by piece as it arrives.</summary>
internal sealed class BodyCheck : IDisposable
{
    private readonly byte[] _told;
    private readonly IncrementalHash? _md5;
    private ulong _crc = StorageCrc64.Empty;

    private BodyCheck(byte[] told, bool isMd5)
    {
        _told = told;
        _md5 = isMd5 ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;
    }

    /// <summary>The check of an answer; null if the service sent no checksum that this knows.</summary>
    public static BodyCheck? For(ResponseHeaders headers) =>
        Read(headers, "x-ms-content-crc64", sizeof(ulong)) is { } crc ? new BodyCheck(crc, isMd5: false)
        : Read(headers, "Content-MD5", 16) is { } md5 ? new BodyCheck(md5, isMd5: true)
        : null;

    /// <summary>Takes the next piece.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_md5 is not null) _md5.AppendData(bytes);
        else _crc = StorageCrc64.Append(_crc, bytes);
    }

    /// <summary>Whether what arrived is what was sent.</summary>
    public bool Agrees()
    {
        if (_md5 is not null) return _md5.GetHashAndReset().AsSpan().SequenceEqual(_told);
        return BinaryPrimitives.ReadUInt64LittleEndian(_told) == _crc;
    }

    /// <inheritdoc/>
    public void Dispose() => _md5?.Dispose();

    private static byte[]? Read(ResponseHeaders headers, string name, int length)
    {
        var value = new byte[length];
        return headers.TryGetValue(name, out var text) && Convert.TryFromBase64String(text, value, out var read) && read == length ? value : null;
    }
}
