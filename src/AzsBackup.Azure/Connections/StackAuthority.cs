using AzsBackup.Model;

namespace AzsBackup.Azure.Connections;

/// <summary>The token issuer as the identity library wants it: the host apart from the directory.</summary>
/// <param name="Host">The issuer's root.</param>
/// <param name="TenantId">The directory; <c>adfs</c> on AD FS; null if nobody named one.</param>
/// <param name="IsMicrosofts">Whether the issuer is one of Microsoft's own, which alone can be looked up in its list of instances.</param>
internal sealed record StackAuthority(Uri Host, string? TenantId, bool IsMicrosofts)
{
    private static readonly HashSet<string> MicrosoftHosts = new(StringComparer.OrdinalIgnoreCase)
    {
        "login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net",
        "login.microsoftonline.us", "login-us.microsoftonline.com",
        "login.chinacloudapi.cn", "login.partner.microsoftonline.cn",
    };

    /// <summary>Splits what the stack named. The caller's directory counts more than the stack's.</summary>
    public static StackAuthority Of(StackMetadata metadata, string? tenantId)
    {
        var host = new Uri(metadata.LoginEndpoint.GetLeftPart(UriPartial.Authority) + "/");
        if (metadata.Identity == AzsIdentityProvider.Adfs) return new StackAuthority(host, "adfs", IsMicrosofts: false);
        var path = metadata.LoginEndpoint.AbsolutePath.Trim('/');
        var named = path.Length > 0 && !path.Equals("common", StringComparison.OrdinalIgnoreCase) ? path.Split('/')[0] : metadata.TenantId;
        return new StackAuthority(host, string.IsNullOrEmpty(tenantId) ? named : tenantId, MicrosoftHosts.Contains(host.Host));
    }
}
