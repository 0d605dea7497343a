using System.Globalization;

namespace AzsBackup.Engine.Policies.Scheduling;

/// <summary>What the start script needs to know. Secrets are named by the files that hold them.</summary>
public sealed record StartScriptSettings
{
    /// <summary>The stack's Resource Manager.</summary>
    public required string ArmEndpoint { get; init; }

    /// <summary>The directory; null where none is needed.</summary>
    public string? TenantId { get; init; }

    /// <summary>The application's id.</summary>
    public string? ClientId { get; init; }

    /// <summary>A file with the application's certificate and private key.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>A file that holds the application's secret.</summary>
    public string? ClientSecretPath { get; init; }

    /// <summary>A file that holds a token, as something else keeps it fresh: a workload identity, for example.</summary>
    public string? AccessTokenPath { get; init; }

    /// <summary>A file with certificates to trust besides the system's.</summary>
    public string? CaCertificatePath { get; init; }

    /// <summary>The vault's folder; null if it is a container of blobs.</summary>
    public string? VaultPath { get; init; }

    /// <summary>A file that holds the URI of the vault's container with its SAS.</summary>
    public string? ContainerUriPath { get; init; }

    /// <summary>A file that holds the vault's passphrase.</summary>
    public string? VaultPasswordPath { get; init; }

    /// <summary>A file with a certificate and private key that open the vault.</summary>
    public string? VaultCertificatePath { get; init; }

    /// <summary>The module, by name or by the path of its manifest.</summary>
    public string Module { get; init; } = "AzsBackup";

    /// <summary>Among how many workers the VMs are dealt out.</summary>
    public int ShardCount { get; init; } = 1;

    /// <summary>What goes where in the template.</summary>
    internal Dictionary<string, string> Values() => new()
    {
        ["armEndpoint"] = ScheduleText.PowerShell(ArmEndpoint),
        ["tenantId"] = ScheduleText.PowerShell(TenantId),
        ["clientId"] = ScheduleText.PowerShell(ClientId),
        ["certificatePath"] = ScheduleText.PowerShell(CertificatePath),
        ["clientSecretPath"] = ScheduleText.PowerShell(ClientSecretPath),
        ["accessTokenPath"] = ScheduleText.PowerShell(AccessTokenPath),
        ["caCertificatePath"] = ScheduleText.PowerShell(CaCertificatePath),
        ["vaultPath"] = ScheduleText.PowerShell(VaultPath),
        ["containerUriPath"] = ScheduleText.PowerShell(ContainerUriPath),
        ["vaultPasswordPath"] = ScheduleText.PowerShell(VaultPasswordPath),
        ["vaultCertificatePath"] = ScheduleText.PowerShell(VaultCertificatePath),
        ["module"] = ScheduleText.PowerShell(Module),
        ["shardCount"] = ShardCount.ToString(CultureInfo.InvariantCulture),
    };
}
