using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Identity;

/// <summary>Somebody the directory knows.</summary>
/// <param name="Kind">A user or an application.</param>
/// <param name="ObjectId">The id that role assignments and access policies name.</param>
/// <param name="SignInName">A user's principal name, or an application's id.</param>
/// <param name="DisplayName">The name people see.</param>
/// <param name="Secret">The user's password, or the application's secret.</param>
/// <param name="Certificate">The public certificate an application's assertions are checked with.</param>
internal sealed record Principal(
    PrincipalKind Kind, string ObjectId, string SignInName, string DisplayName, string Secret, X509Certificate2? Certificate = null)
{
    /// <summary>Tokens issued before are void.</summary>
    public DateTimeOffset TokensValidFrom { get; init; } = DateTimeOffset.MinValue;

    public static Principal FromJson(JsonNode node) => new(
        Enum.Parse<PrincipalKind>(node.Text("kind")!),
        node.Text("objectId")!,
        node.Text("signInName")!,
        node.Text("displayName")!,
        node.Text("secret")!,
        node.Text("certificate") is { } pem ? X509Certificate2.CreateFromPem(pem) : null)
    {
        TokensValidFrom = DateTimeOffset.FromUnixTimeSeconds(node.Number("tokensValidFrom") ?? 0),
    };

    public bool HasSecret(string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(Secret));

    /// <summary>Everything, the secret included: for a state file, never for an answer.</summary>
    public JsonObject ToJson()
    {
        JsonObject body = new()
        {
            ["kind"] = Kind.ToString(),
            ["objectId"] = ObjectId,
            ["signInName"] = SignInName,
            ["displayName"] = DisplayName,
            ["secret"] = Secret,
            ["tokensValidFrom"] = Math.Max(0, TokensValidFrom.ToUnixTimeSeconds()),
        };
        if (Certificate is not null)
            body["certificate"] = Certificate.ExportCertificatePem();
        return body;
    }

    public override string ToString() => $"{Kind} {SignInName}";
}
