namespace AzsBackup.Model;

/// <summary>Who issues a stack's tokens.</summary>
public enum AzsIdentityProvider
{
    /// <summary>Microsoft Entra ID (formerly Azure AD).</summary>
    Entra,

    /// <summary>Active Directory Federation Services: a stamp that may be disconnected.</summary>
    Adfs,
}
