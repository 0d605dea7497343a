using System.Collections.Concurrent;
using AzsBackup.Emulator.Arm.Operations;
using AzsBackup.Emulator.Arm.Providers;
using AzsBackup.Emulator.Authorization;
using AzsBackup.Emulator.Blobs;
using AzsBackup.Emulator.Deployments;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Emulator.Identity;
using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Arm;

/// <summary>What the rooms of one stack share. Everything but the blob service and the clock is used only while <see cref="Gate"/> is held.</summary>
internal sealed class StackState
{
    public StackState(EmulatedStackOptions options, TimeProvider clock, IdSource ids, PageStore pages, BlobService blobs)
    {
        Options = options;
        Clock = clock;
        Ids = ids;
        Pages = pages;
        Blobs = blobs;
        TenantId = (options.TenantId ?? ids.NewGuid()).ToString("D");
        SubscriptionId = (options.SubscriptionId ?? ids.NewGuid()).ToString("D");
        Catalog = ProviderCatalog.Load(options.Region, options.AcceptedApiVersions);
        Operations = new OperationStore(this);
        References = new ReferenceIndex(Resources);
        Grants = new RoleGrants(Resources);
    }

    /// <summary>One request is handled at a time: a stamp's ARM is strictly consistent within a subscription as far as clients can tell.</summary>
    public Lock Gate { get; } = new();

    public EmulatedStackOptions Options { get; }

    public TimeProvider Clock { get; }

    public IdSource Ids { get; }

    public PageStore Pages { get; }

    public BlobService Blobs { get; }

    public string TenantId { get; }

    public string SubscriptionId { get; }

    public string Location => Options.Region;

    public string SubscriptionScope => "/subscriptions/" + SubscriptionId;

    /// <summary>The stamp's domain, its region included.</summary>
    public string Domain => $"{Options.Region}.{Options.Domain}";

    /// <summary>Where blobs are served, ending in a slash. Known once the ports are bound.</summary>
    public Uri BlobEndpoint { get; set; } = new("https://127.0.0.1/");

    /// <summary>An address in the blob service as clients are told it: as a path below the endpoint, or under the account's own host name.</summary>
    /// <param name="account">The account.</param>
    /// <param name="pathAndQuery">What follows the account, beginning with a slash.</param>
    public Uri BlobUri(string account, string pathAndQuery) =>
        Options.ProxyPort is null ? new Uri(BlobEndpoint, account + pathAndQuery) : new Uri($"https://{account}.blob.{Domain}{pathAndQuery}");

    /// <summary>The names of storage accounts; read without the gate, for every blob request asks.</summary>
    public ConcurrentDictionary<string, bool> Accounts { get; } = new(StringComparer.Ordinal);

    public ResourceStore Resources { get; } = new();

    public DeploymentStore Deployments { get; } = new();

    public ProviderCatalog Catalog { get; }

    public OperationStore Operations { get; }

    public ReferenceIndex References { get; }

    /// <summary>Who may do what where.</summary>
    public RoleGrants Grants { get; }

    /// <summary>The tenant's users and applications; safe without the gate.</summary>
    public PrincipalDirectory Principals { get; } = new();

    public DateTimeOffset Now => Clock.GetUtcNow();

    public string NewEtag() => $"W/\"{Ids.NewId()}\"";
}
