using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AzsBackup.Tests.Vault.Keys;

/// <summary>Opens certificate and recovery key slots as FORMAT.md §3 says, with .NET and nothing of ours.</summary>
internal static class IndependentKeyReader
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static byte[] UnwrapWithCertificate(byte[] slotJson, string vaultId, RSA key)
    {
        using var slot = JsonDocument.Parse(slotJson);
        string Text(string member) => slot.RootElement.GetProperty(member).GetString()!;
        Require(Text("scheme") == "RSA-OAEP-SHA256" && Text("publicKey") == Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo())));
        string binding = $"AzsBackup key slot\n1\n{vaultId}\n{Text("id")}\ncertificate\n{Text("createdAt")}\n{Text("scheme")}\n{Text("publicKey")}\n{Text("encryptedKey")}\n";
        byte[] signed = Encoding.UTF8.GetBytes($"{binding}{Text("nonce")}\n{Text("wrapped")}\n");
        Require(key.VerifyData(signed, Convert.FromBase64String(Text("signature")), HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
        return Unwrap(slot.RootElement, key.Decrypt(Convert.FromBase64String(Text("encryptedKey")), RSAEncryptionPadding.OaepSHA256), binding);
    }

    public static byte[] UnwrapWithRecoveryKey(byte[] slotJson, string vaultId, string sheet)
    {
        using var slot = JsonDocument.Parse(slotJson);
        string Text(string member) => slot.RootElement.GetProperty(member).GetString()!;
        var groups = sheet.Split('\n').Select(line => line.Trim())
            .Where(line => line.Split('-') is { Length: >= 2 } some && some.All(group => group.Length == 5 && group.All(Alphabet.Contains)))
            .SelectMany(line => line.Split('-')).ToList();
        Require(groups.Count == 14);
        var bits = new StringBuilder();
        for (int g = 0; g < 14; g++)
        {
            int[] d = [.. groups[g].Select(c => Alphabet.IndexOf(c, StringComparison.Ordinal))];
            Require(d[4] == (d[0] + 3 * d[1] + 5 * d[2] + 7 * d[3] + g) % 32);
            foreach (int digit in d[..4])
                bits.Append(Convert.ToString(digit, 2).PadLeft(5, '0'));
        }

        byte[] bytes = [.. Enumerable.Range(0, 35).Select(i => Convert.ToByte(bits.ToString(8 * i, 8), 2))];
        Require(SHA256.HashData(bytes[..32]).AsSpan(0, 3).SequenceEqual(bytes.AsSpan(32)));
        byte[] wrappingKey = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, bytes[..32], 32, Convert.FromBase64String(Text("salt")), Encoding.ASCII.GetBytes("AzsBackup v1 recovery key"));
        string binding = $"AzsBackup key slot\n1\n{vaultId}\n{Text("id")}\nrecovery\n{Text("createdAt")}\n{Text("kdf")}\n{Text("salt")}\n";
        return Unwrap(slot.RootElement, wrappingKey, binding);
    }

    private static byte[] Unwrap(JsonElement slot, byte[] wrappingKey, string binding)
    {
        byte[] wrapped = slot.GetProperty("wrapped").GetBytesFromBase64();
        byte[] master = new byte[32];
        using var aes = new AesGcm(wrappingKey, 16);
        aes.Decrypt(slot.GetProperty("nonce").GetBytesFromBase64(), wrapped.AsSpan(0, 32), wrapped.AsSpan(32), master, Encoding.UTF8.GetBytes(binding));
        return master;
    }

    private static void Require(bool condition)
    {
        if (!condition)
            throw new InvalidDataException("Not as FORMAT.md says.");
    }
}
