using System.Security.Cryptography;

namespace AzsBackup.Emulator.Blobs.Http;

/// <summary>The value of a Content-MD5 header.</summary>
internal static class ContentMd5
{
    // The protocol says MD5; it guards against accidents of transport and nothing else.
#pragma warning disable CA5351
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(MD5.HashData(bytes));
#pragma warning restore CA5351
}
