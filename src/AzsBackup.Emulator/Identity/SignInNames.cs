using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Hosting;

namespace AzsBackup.Emulator.Identity;

/// <summary>The addresses and audiences of the identity provider.</summary>
internal sealed class SignInNames(EmulatedStackOptions options, StackState stack)
{
    /// <summary>The audience of tokens for ARM.</summary>
    public string ArmAudience { get; } = options.Identity == StackIdentityProvider.Adfs
        ? $"https://management.adfs.{options.Region}.{options.Domain}/{stack.AudienceId}"
        : $"https://management.emulatedtenant.onmicrosoft.com/{stack.AudienceId}";

    /// <summary>The audience of tokens for key vaults: Az and Azure CLI derive it from ARM's host name.</summary>
    public string VaultAudience { get; } = $"https://vault.{options.Region}.{options.Domain}";

    /// <summary>The directory's graph, and the audience of tokens for it.</summary>
    public string GraphAudience { get; } = options.Identity == StackIdentityProvider.Adfs
        ? $"https://graph.{options.Region}.{options.Domain}/"
        : "https://graph.windows.net/";

    /// <summary>Where the identity provider is served; known once the port is bound.</summary>
    public Uri Endpoint { get; set; } = new("https://127.0.0.1/");

    public bool IsAdfs => options.Identity == StackIdentityProvider.Adfs;

    /// <summary>The authority clients are sent to, without a trailing slash.</summary>
    public string Authority => new Uri(Endpoint, IsAdfs ? "adfs" : stack.TenantId).AbsoluteUri;

    /// <summary>What tokens name as their issuer.</summary>
    public string Issuer => IsAdfs ? Authority : Authority + "/";

    /// <summary>The audience meant by a resource or the first scope of a request, or <see langword="null"/> if it is none of this stack's.</summary>
    public string? Audience(string asked)
    {
        string bare = asked.Split('/', StringSplitOptions.None) is [.., ".default" or "user_impersonation"] ? asked[..asked.LastIndexOf('/')] : asked;
        return Array.Find([ArmAudience, VaultAudience, GraphAudience], known => known.TrimEnd('/').Equals(bare.TrimEnd('/'), StringComparison.OrdinalIgnoreCase));
    }
}
