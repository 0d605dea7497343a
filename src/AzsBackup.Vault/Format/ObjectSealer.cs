using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AzsBackup.Vault.Keys;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault.Format;

/// <summary>Seals and opens objects: packed, encrypted, and bound to their role and name (FORMAT.md §5).</summary>
internal sealed class ObjectSealer(VaultKeys keys, RandomSource random) : IDisposable
{
    /// <summary>The longest plain content of anything but a chunk, in bytes.</summary>
    public const int MaximumContent = 64 << 20;

    /// <summary>What sealing adds at most, in bytes.</summary>
    public const int Overhead = HeaderLength + TagLength;

    private const int HeaderLength = 24;
    private const int NonceOffset = 12;
    private const int TagLength = 16;
    private const byte Version = 1;
    private const byte Stored = 0;
    private const byte Zstd = 1;

    private readonly ZstdContexts _zstd = new(ZstdNative.IsAvailable);

    private static ReadOnlySpan<byte> Magic => "AZSB"u8;

    /// <summary>Seals content as the object of this name.</summary>
    public PooledBuffer Seal(ObjectRole role, string name, ReadOnlySpan<byte> content)
    {
        var buffer = new PooledBuffer(content.Length + Overhead);
        var space = buffer.Span;
        var header = space[..HeaderLength];

        // Unpacking costs more than the space is worth unless 1/32 is gained.
        byte packing = Zstd;
        if (!_zstd.TryCompress(content, space.Slice(HeaderLength, content.Length - content.Length / 32), out int length))
        {
            packing = Stored;
            length = content.Length;
            content.CopyTo(space[HeaderLength..]);
        }

        buffer.Truncate(length + Overhead);
        Magic.CopyTo(header);
        header[4] = Version;
        header[5] = (byte)role;
        header[6] = packing;
        header[7] = 0;
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], content.Length);
        var nonce = header[NonceOffset..];
        var payload = space.Slice(HeaderLength, length);
        var tag = space.Slice(HeaderLength + length, TagLength);
        if (keys.Encrypted)
        {
            random.Fill(nonce);
            using var aes = Cipher(role, name);
            aes.Encrypt(nonce, payload, payload, tag, Binding(header, name));
        }
        else
        {
            nonce.Clear();
            Digest(header, name, payload, tag);
        }

        return buffer;
    }

    /// <summary>Opens an object whose plain length is known to the caller.</summary>
    /// <param name="role">The role that belongs to the name.</param>
    /// <param name="name">The object's name.</param>
    /// <param name="sealedObject">The object as stored; its payload is decrypted in place.</param>
    /// <param name="destination">Where the plain content goes; exactly as long as it. Undefined after a failure.</param>
    /// <exception cref="Model.AzsException">The object is not what was sealed.</exception>
    public void Open(ObjectRole role, string name, Span<byte> sealedObject, Span<byte> destination)
    {
        var payload = Authenticate(role, name, sealedObject, out int length, out bool packed);
        if (length != destination.Length)
            throw Damaged(role, name, $"it holds {length} bytes instead of {destination.Length}.");
        Unpack(role, name, payload, packed, destination);
    }

    /// <summary>Opens an object of any plain length up to <see cref="MaximumContent"/>.</summary>
    public PooledBuffer Open(ObjectRole role, string name, Span<byte> sealedObject)
    {
        var payload = Authenticate(role, name, sealedObject, out int length, out bool packed);
        var content = new PooledBuffer(length);
        try
        {
            Unpack(role, name, payload, packed, content.Span);
            return content;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    public void Dispose() => _zstd.Dispose();

    private static byte[] Binding(ReadOnlySpan<byte> header, string name)
    {
        byte[] binding = new byte[HeaderLength + name.Length];
        header.CopyTo(binding);
        Encoding.ASCII.GetBytes(name, binding.AsSpan(HeaderLength));
        return binding;
    }

    private static void Digest(ReadOnlySpan<byte> header, string name, ReadOnlySpan<byte> payload, Span<byte> tag)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Binding(header, name));
        hash.AppendData(payload);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        digest[..TagLength].CopyTo(tag);
    }

    private static Model.AzsException Damaged(ObjectRole role, string name, string why, Exception? cause = null) =>
        role == ObjectRole.Chunk ? VaultErrors.ChunkDamaged(name, why, cause) : VaultErrors.PointDamaged(name, why, cause);

    private AesGcm Cipher(ObjectRole role, string name)
    {
        Span<byte> key = stackalloc byte[VaultKeys.Length];
        keys.SealKey(role, Encoding.ASCII.GetBytes(name), key);
        try
        {
            return new AesGcm(key, TagLength);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private Span<byte> Authenticate(ObjectRole role, string name, Span<byte> sealedObject, out int length, out bool packed)
    {
        if (sealedObject.Length < Overhead)
            throw Damaged(role, name, $"only {sealedObject.Length} bytes are left of it.");
        var header = sealedObject[..HeaderLength];
        length = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        packed = header[6] == Zstd;
        if (!header.StartsWith(Magic) || header[4] != Version || header[5] != (byte)role || header[6] > Zstd || header[7] != 0
            || length < 0 || length > (role == ObjectRole.Chunk ? VaultOptions.MaximumChunkSize : MaximumContent))
        {
            throw Damaged(role, name, "its header is not that of such an object.");
        }

        var payload = sealedObject[HeaderLength..^TagLength];
        var tag = sealedObject[^TagLength..];
        if (keys.Encrypted)
        {
            using var aes = Cipher(role, name);
            try
            {
                aes.Decrypt(header[NonceOffset..], payload, tag, payload, Binding(header, name));
            }
            catch (AuthenticationTagMismatchException exception)
            {
                throw Damaged(role, name, "it is not what was sealed under this name.", exception);
            }
        }
        else
        {
            Span<byte> expected = stackalloc byte[TagLength];
            Digest(header, name, payload, expected);
            if (!tag.SequenceEqual(expected))
                throw Damaged(role, name, "its checksum does not fit.");
        }

        return payload;
    }

    private void Unpack(ObjectRole role, string name, ReadOnlySpan<byte> payload, bool packed, Span<byte> destination)
    {
        if (!packed && payload.Length == destination.Length)
            payload.CopyTo(destination);
        else if (!packed || !_zstd.TryDecompress(payload, destination))
            throw Damaged(role, name, "its content does not unpack to the length it names.");
    }
}
