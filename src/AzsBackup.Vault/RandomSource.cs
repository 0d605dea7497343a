using System.Security.Cryptography;

namespace AzsBackup.Vault;

/// <summary>Where random bytes come from. Keys and nonces are made of them: anything but <see cref="System"/> is for tests.</summary>
public abstract class RandomSource
{
    /// <summary>The operating system's cryptographic generator.</summary>
    public static RandomSource System { get; } = new SystemSource();

    /// <summary>Fills memory with random bytes. May be called concurrently.</summary>
    /// <param name="destination">What to fill.</param>
    public abstract void Fill(Span<byte> destination);

    /// <summary>A random id: 16 bytes in lower-case hex.</summary>
    internal string NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Fill(bytes);
        return Convert.ToHexString(bytes).ToLowerInvariant();
    }

    private sealed class SystemSource : RandomSource
    {
        public override void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
    }
}
