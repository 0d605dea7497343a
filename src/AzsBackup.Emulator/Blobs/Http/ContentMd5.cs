using System.Security.Cryptography;

namespace AzsBackup.Emulator.Blobs.Http;

/// <summary>The value of a Content-MD5 header: the protocol's guard against accidents of transport.</summary>
internal static class ContentMd5
{
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(CryptographicOperations.HashData(HashAlgorithmName.MD5, bytes));
}
