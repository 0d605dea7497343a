namespace AzsBackup.BackupWorker;

/// <summary>What the worker is told to do, as JSON on its input: so the secret is on no command line.</summary>
public sealed record BackupOrder
{
    /// <summary>The stack's ARM endpoint.</summary>
    public required Uri ArmEndpoint { get; init; }

    /// <summary>Its authority's certificate, in PEM.</summary>
    public required string CaCertificatePath { get; init; }

    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>Who signs in.</summary>
    public required string ClientId { get; init; }

    /// <summary>By which secret.</summary>
    public required string ClientSecret { get; init; }

    /// <summary>The vault's folder.</summary>
    public required string Vault { get; init; }

    /// <summary>The ARM ids of the VMs, backed up at the same time, each by itself.</summary>
    public required IReadOnlyList<string> VmIds { get; init; }

    /// <summary>Whether the VMs are deallocated for their snapshots.</summary>
    public bool IsOffline { get; init; }
}
