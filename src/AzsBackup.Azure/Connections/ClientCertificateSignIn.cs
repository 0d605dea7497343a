using System.Security;

namespace AzsBackup.Azure.Connections;

/// <summary>Signs in as a service principal by its certificate.</summary>
/// <param name="ClientId">The application's id; connecting without one is refused.</param>
/// <param name="Path">A PFX file, or a PEM file with certificate and private key.</param>
/// <param name="Password">The file's password, if it has one; not needed any more once connected.</param>
public sealed record ClientCertificateSignIn(string? ClientId, string Path, SecureString? Password) : StackCredential;
