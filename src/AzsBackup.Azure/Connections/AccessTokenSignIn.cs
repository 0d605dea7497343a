using System.Security;

namespace AzsBackup.Azure.Connections;

/// <summary>Uses a token somebody else asked for. It can't be renewed: the connection ends with it.</summary>
/// <param name="Token">The token, issued for the stack's Resource Manager; not needed any more once connected.</param>
public sealed record AccessTokenSignIn(SecureString Token) : StackCredential;
