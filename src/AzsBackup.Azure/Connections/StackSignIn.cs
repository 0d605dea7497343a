namespace AzsBackup.Azure.Connections;

/// <summary>Which stack to connect to, and as whom.</summary>
public sealed record StackSignIn
{
    /// <summary>The tenant Resource Manager endpoint, HTTPS: <c>https://management.{region}.{fqdn}</c>, or public Azure's.</summary>
    public required Uri ArmEndpoint { get; init; }

    /// <summary>Who signs in.</summary>
    public required StackCredential Credential { get; init; }

    /// <summary>The directory, by id or domain. Needed on Entra ID, except with a token; AD FS has but one, and ignores it.</summary>
    public string? TenantId { get; init; }

    /// <summary>The subscription to use; needed where the sign-in sees several.</summary>
    public string? SubscriptionId { get; init; }

    /// <summary>What to call the connection; by default the endpoint's host, with its port unless 443.</summary>
    public string? Name { get; init; }

    /// <summary>A PEM or DER file of certificates to trust besides those the system trusts.</summary>
    public string? CaCertificatePath { get; init; }

    /// <summary>The blob service version the stack is spoken to with; by default 2019-07-07, the newest that stamps accept.</summary>
    public string? BlobServiceVersion { get; init; }
}
