using System.Collections.Concurrent;
using AzsBackup.Emulator.Arm.Operations;
using AzsBackup.Emulator.Arm.Providers;
using AzsBackup.Emulator.Blobs;
using AzsBackup.Emulator.Deployments;
using AzsBackup.Emulator.Hosting;
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
        Catalog = ProviderCatalog.Load(options.Region);
        Operations = new OperationStore(this);
        References = new ReferenceIndex(Resources);
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

    /// <summary>Where blobs are served, ending in a slash. Known once the ports are bound.</summary>
    public Uri BlobEndpoint { get; set; } = new("https://127.0.0.1/");

    /// <summary>The names of storage accounts; read without the gate, for every blob request asks.</summary>
    public ConcurrentDictionary<string, bool> Accounts { get; } = new(StringComparer.Ordinal);

    public ResourceStore Resources { get; } = new();

    public DeploymentStore Deployments { get; } = new();

    public ProviderCatalog Catalog { get; }

    public OperationStore Operations { get; }

    public ReferenceIndex References { get; }

    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Gives new etags to the resources that have one and whose id, or a part's id, is among those given.</summary>
    public void TouchEtags(IEnumerable<string> ids, ArmResource except)
    {
        foreach (string text in ids)
        {
            ArmId? parent = ArmId.TryParse(text, out ArmId? id) ? id.Parent : null;
            ArmResource? found = Resources.Find(text) ?? Resources.Find(parent?.Text);
            if (found is not null && found != except && found.Body["etag"] is not null)
                found.Body["etag"] = NewEtag();
        }
    }

    public string NewEtag() => $"W/\"{Ids.NewId()}\"";
}
