namespace AzsBackup.Emulator.Identity;

/// <summary>What kind of principal signs in; the names are those of role assignments.</summary>
internal enum PrincipalKind
{
    /// <summary>A person, who signs in with a password or a device code.</summary>
    User,

    /// <summary>An application, which signs in with a secret or a certificate.</summary>
    ServicePrincipal,
}
