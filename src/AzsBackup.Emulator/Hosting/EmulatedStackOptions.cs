using System.Security.Cryptography.X509Certificates;

namespace AzsBackup.Emulator.Hosting;

/// <summary>How an emulated stack is started.</summary>
public sealed record EmulatedStackOptions
{
    /// <summary>The HTTPS port on loopback; 0 takes the one the state knows, else a free one.</summary>
    public int Port { get; init; }

    /// <summary>The plain HTTP control port on loopback; 0 takes the one the state knows, else a free one.</summary>
    public int ControlPort { get; init; }

    /// <summary>The stamp's region: the location of all its resources, and the first label of its domain.</summary>
    public string Region { get; init; } = "local";

    /// <summary>The stamp's external domain, without the region.</summary>
    public string Domain { get; init; } = "azurestack.external";

    /// <summary>
    /// Where everything lies that survives a restart; <see langword="null"/>: a temporary folder that is removed at the end, and nothing
    /// survives. What was acknowledged survives the death of the process, not that of the machine.
    /// </summary>
    public string? StateDirectory { get; init; }

    /// <summary>An estate file, the word <c>sample</c>, or <see langword="null"/> for an empty subscription. Loaded at the first start of a state only.</summary>
    public string? Estate { get; init; }

    /// <summary>Contents by disk id or unmanaged disk's blob URI, beside those the estate names: paths of fixed VHD or raw images.</summary>
    public IReadOnlyDictionary<string, string> DiskContent { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Serves the stack under a stamp's host names as well, through an HTTP proxy on this port of loopback; 0 takes a free one,
    /// <see langword="null"/> none. All addresses the stack tells are then names below <see cref="Region"/>.<see cref="Domain"/>.
    /// </summary>
    public int? ProxyPort { get; init; }

    /// <summary>By provider namespace, api-versions taken beside those a stamp lists, for clients that know no others. A stamp refuses them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> AcceptedApiVersions { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The built-in role that the service principal has on the subscription.</summary>
    public string Role { get; init; } = "Owner";

    /// <summary>Who signs the tokens.</summary>
    public StackIdentityProvider Identity { get; init; }

    /// <summary>A JSON file with the faults to begin with, in the form of <c>POST /faults</c>.</summary>
    public string? FaultsFile { get; init; }

    /// <summary>Serves blobs over plain HTTP as well, and says so in blob endpoints and in SAS URIs of disks.</summary>
    public bool PlainBlob { get; init; }

    /// <summary>How long an asynchronous operation takes, on the stack's clock.</summary>
    public TimeSpan OperationDuration { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The Retry-After of unfinished operations, in whole seconds; <see langword="null"/> sends none, as many providers do.</summary>
    public int? RetryAfterSeconds { get; init; } = 0;

    /// <summary>The most items one page of a list holds.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>The largest managed disk in GiB; a stamp's is 1023.</summary>
    public int MaxDiskSizeGiB { get; init; } = 1023;

    /// <summary>The disk size in GiB of a VM made from an image that names none.</summary>
    public int ImageDiskSizeGiB { get; init; } = 30;

    /// <summary>Limits by the name of a compute usage (<c>cores</c>, <c>virtualMachines</c>, <c>availabilitySets</c>, <c>virtualMachineScaleSets</c>), where they are not those of a stamp's default plan.</summary>
    public IReadOnlyDictionary<string, int> ComputeQuotas { get; init; } = new Dictionary<string, int>();

    /// <summary>Whether a VM can be made from a marketplace image that the stack does not list, as if the operator had syndicated it.</summary>
    public bool AllowUnlistedImages { get; init; } = true;

    /// <summary>Whether disks of running VMs can be snapshotted, as from the 2002 release on.</summary>
    public bool AllowLiveSnapshots { get; init; } = true;

    /// <summary>The tenant's id; <see langword="null"/> makes one.</summary>
    public Guid? TenantId { get; init; }

    /// <summary>The subscription's id; <see langword="null"/> makes one.</summary>
    public Guid? SubscriptionId { get; init; }

    /// <summary>A certificate by which the service principal may sign in, beside its secret.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>The Bicep CLI that evaluates templates; <see langword="null"/> takes what the variable AZSBACKUP_BICEP names, else the one the build restored, else the one on the path.</summary>
    public string? BicepPath { get; init; }

    /// <summary>The clock; the system's if <see langword="null"/>.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>Seeds generated ids and chance in faults; <see langword="null"/> takes any.</summary>
    public int? Seed { get; init; }
}
