using System.Security;

namespace AzsBackup.Azure.Connections;

/// <summary>Signs in as a service principal by its secret.</summary>
/// <param name="ClientId">The application's id.</param>
/// <param name="Secret">Its secret; not needed any more once connected.</param>
public sealed record ClientSecretSignIn(string ClientId, SecureString Secret) : StackCredential;
