using System.Security.Cryptography;

namespace AzsBackup.Playground.DiskImages;

/// <summary>The SHA-256 by which two disks are compared.</summary>
internal static class DiskHash
{
    /// <summary>Hashes the first bytes of a stream.</summary>
    /// <param name="stream">Read from where it stands.</param>
    /// <param name="size">How many bytes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The hash in lower-case hexadecimal.</returns>
    /// <exception cref="EndOfStreamException">The stream holds fewer bytes.</exception>
    public static async Task<string> OfAsync(Stream stream, long size, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[1 << 20];
        for (var left = size; left > 0;)
        {
            var length = await stream.ReadAsync(block.AsMemory(0, (int)Math.Min(block.Length, left)), cancellationToken);
            if (length == 0)
                throw new EndOfStreamException($"A disk ends {left} bytes too early.");
            hash.AppendData(block.AsSpan(0, length));
            left -= length;
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
