using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Identity;

/// <summary>Signs tokens (JWT, RS256) and checks them again.</summary>
internal sealed class TokenSigner : IDisposable
{
    private readonly RSA _key = RSA.Create();

    /// <param name="key">The private key, in PKCS#8.</param>
    public TokenSigner(ReadOnlySpan<byte> key)
    {
        _key.ImportPkcs8PrivateKey(key, out _);
        RSAParameters parameters = _key.ExportParameters(false);
        KeyId = Base64Url.EncodeToString(SHA256.HashData(parameters.Modulus!).AsSpan(0, 20));
        Keys = new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA",
                ["use"] = "sig",
                ["alg"] = "RS256",
                ["kid"] = KeyId,
                ["x5t"] = KeyId,
                ["n"] = Base64Url.EncodeToString(parameters.Modulus),
                ["e"] = Base64Url.EncodeToString(parameters.Exponent),
            }),
        };
    }

    public string KeyId { get; }

    /// <summary>The public key, as a JSON web key set.</summary>
    public JsonObject Keys { get; }

    public string Sign(JsonObject claims)
    {
        JsonObject header = new() { ["typ"] = "JWT", ["alg"] = "RS256", ["kid"] = KeyId, ["x5t"] = KeyId };
        string signed = Encode(header) + "." + Encode(claims);
        return signed + "." + Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>The claims of a token signed here, or <see langword="null"/>; the caller looks at times and audience.</summary>
    public JsonObject? Verify(string token) => Verify(token, _key);

    /// <summary>The claims of a token signed by that key with RS256 or PS256.</summary>
    public static JsonObject? Verify(string token, RSA key)
    {
        string[] parts = token.Split('.');
        if (parts.Length != 3)
            return null;
        try
        {
            JsonNode? header = ArmJson.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
            RSASignaturePadding? padding = header.Text("alg") switch
            {
                "RS256" => RSASignaturePadding.Pkcs1,
                "PS256" => RSASignaturePadding.Pss,
                _ => null,
            };
            byte[] signed = Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]);
            return padding is not null && key.VerifyData(signed, Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, padding)
                ? ArmJson.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]))) as JsonObject
                : null;
        }
        catch (Exception exception) when (exception is FormatException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    public void Dispose() => _key.Dispose();

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString(ArmJson.WriteOptions)));
}
