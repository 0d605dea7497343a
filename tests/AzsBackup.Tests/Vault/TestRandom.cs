using System.Buffers.Binary;
using System.Security.Cryptography;
using AzsBackup.Vault;

namespace AzsBackup.Tests.Vault;

/// <summary>The same "random" bytes for the same seed: SHA-256 over a counter.</summary>
internal sealed class TestRandom(int seed) : RandomSource
{
    private readonly object _gate = new();
    private int _counter;

    public override void Fill(Span<byte> destination)
    {
        Span<byte> block = stackalloc byte[8];
        while (destination.Length > 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(block, seed);
            lock (_gate)
                BinaryPrimitives.WriteInt32LittleEndian(block[4..], _counter++);
            byte[] hash = SHA256.HashData(block);
            int take = Math.Min(hash.Length, destination.Length);
            hash.AsSpan(0, take).CopyTo(destination);
            destination = destination[take..];
        }
    }
}
