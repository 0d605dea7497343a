using System.Security.Cryptography.X509Certificates;

namespace AzsBackup.Emulator.Identity;

/// <summary>The application that may sign in.</summary>
internal sealed class ServicePrincipal(string clientId, string objectId, string secret, X509Certificate2? certificate)
{
    public string ClientId { get; } = clientId;

    public string ObjectId { get; } = objectId;

    public string Secret { get; } = secret;

    public X509Certificate2? Certificate { get; } = certificate;
}
