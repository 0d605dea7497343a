namespace AzsBackup.Emulator.Hosting;

/// <summary>Who signs a stack's tokens; an operator chooses it once, when the stamp is installed.</summary>
public enum StackIdentityProvider
{
    /// <summary>Microsoft Entra ID: tokens from <c>/{tenant}/oauth2/v2.0/token</c> and <c>/{tenant}/oauth2/token</c>.</summary>
    Entra,

    /// <summary>AD FS: tokens from <c>/adfs/oauth2/token</c>, one tenant.</summary>
    Adfs,
}
