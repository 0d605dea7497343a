namespace AzsBackup.Emulator.Hosting;

/// <summary>What makes a stack the one it is to its clients: kept with the state, so that who knew it before a restart knows it after.</summary>
internal sealed record StackIdentity
{
    public required string Region { get; init; }

    public required string Domain { get; init; }

    public required Guid TenantId { get; init; }

    public required Guid SubscriptionId { get; init; }

    public required string AudienceId { get; init; }

    public required string ClientId { get; init; }

    public required string ObjectId { get; init; }

    public required string ClientSecret { get; init; }

    /// <summary>The key that signs tokens, in PKCS#8.</summary>
    public required byte[] SigningKey { get; init; }

    /// <summary>The authority's certificate in PEM.</summary>
    public required string Authority { get; init; }

    /// <summary>The server's certificate with its key, in PKCS#12.</summary>
    public required byte[] ServerCertificate { get; init; }

    /// <summary>Says nothing of the secrets.</summary>
    public override string ToString() => $"{Region}.{Domain}";
}
