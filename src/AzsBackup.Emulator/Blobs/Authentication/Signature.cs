using System.Security.Cryptography;
using System.Text;

namespace AzsBackup.Emulator.Blobs.Authentication;

/// <summary>HMAC-SHA256 over a text, with any of an account's keys.</summary>
internal static class Signature
{
    public static string Of(byte[] key, string text) => Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));

    public static bool IsValid(string signature, string text, IReadOnlyList<byte[]> keys)
    {
        var sent = Encoding.ASCII.GetBytes(signature);
        return keys.Any(key => CryptographicOperations.FixedTimeEquals(sent, Encoding.ASCII.GetBytes(Of(key, text))));
    }
}
