using AzsBackup.Model;

namespace AzsBackup.Azure.Connections;

/// <summary>Where a stack's tokens come from and what they must be for.</summary>
/// <param name="LoginEndpoint">The token issuer, as the stack names it.</param>
/// <param name="Audience">The resource of a token for its Resource Manager.</param>
/// <param name="TenantId">The directory, if the stack names one.</param>
internal sealed record StackMetadata(Uri LoginEndpoint, string Audience, string? TenantId)
{
    /// <summary>AD FS if the issuer's path ends in <c>adfs</c>; Az PowerShell tells them apart by the same sign.</summary>
    public AzsIdentityProvider Identity =>
        LoginEndpoint.AbsolutePath.TrimEnd('/').EndsWith("/adfs", StringComparison.OrdinalIgnoreCase)
            ? AzsIdentityProvider.Adfs
            : AzsIdentityProvider.Entra;

    /// <summary>The scope of a token for its Resource Manager. An audience keeps its own final slash.</summary>
    public string Scope => Audience + "/.default";
}
