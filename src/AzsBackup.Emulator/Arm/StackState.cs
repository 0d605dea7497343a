using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm.Operations;
using AzsBackup.Emulator.Arm.Providers;
using AzsBackup.Emulator.Authorization;
using AzsBackup.Emulator.Blobs;
using AzsBackup.Emulator.Deployments;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Emulator.Identity;
using AzsBackup.Emulator.Pages;
using AzsBackup.Emulator.Persistence;
using Microsoft.Extensions.Logging.Abstractions;

namespace AzsBackup.Emulator.Arm;

/// <summary>What the rooms of one stack share. Everything but the blob service and the clock is used only while <see cref="Gate"/> is held.</summary>
internal sealed class StackState
{
    private readonly StateDatabase? _database;

    public StackState(EmulatedStackOptions options, TimeProvider clock, IdSource ids, PageStore pages, BlobService blobs, StateDatabase? database = null)
    {
        _database = database;
        Facts = new ResourceFacts(database, Resources);
        Options = options;
        Clock = clock;
        Ids = ids;
        Pages = pages;
        Blobs = blobs;
        TenantId = (options.TenantId ?? ids.NewGuid()).ToString("D");
        SubscriptionId = (options.SubscriptionId ?? ids.NewGuid()).ToString("D");
        Catalog = ProviderCatalog.Load(options.Region, options.AcceptedApiVersions);
        Operations = new OperationStore(this, Table<OperationRecord>("operation"));
        Deployments = new DeploymentStore(Table<DeploymentRecord>("deployment"));
        Principals = new PrincipalDirectory(Table<JsonObject>("principal"));
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

    /// <summary>What makes the audience of ARM's tokens this stack's own.</summary>
    public required string AudienceId { get; init; }

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

    /// <summary>Keeps the resources when a turn ends.</summary>
    public ResourceFacts Facts { get; }

    /// <summary>For what must not happen.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    public DeploymentStore Deployments { get; }

    public ProviderCatalog Catalog { get; }

    public OperationStore Operations { get; }

    public ReferenceIndex References { get; }

    /// <summary>Who may do what where.</summary>
    public RoleGrants Grants { get; }

    /// <summary>The tenant's users and applications; safe without the gate.</summary>
    public PrincipalDirectory Principals { get; }

    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Takes the gate until it is disposed, and keeps what was changed until then.</summary>
    /// <param name="isRead">Whether nothing is asked to be changed.</param>
    public StackTurn Take(bool isRead = false) => new(this, _database, isRead);

    /// <summary>Begins a change that does not need the stack to itself, see <see cref="StateDatabase.Begin"/>.</summary>
    public StateChange? BeginChange() => _database?.Begin();

    /// <summary>Facts beside the resources that survive a restart: set and removed during a turn or any other change, loaded at the start.</summary>
    /// <param name="part">A name of their own.</param>
    public FactTable<T> Table<T>(string part)
        where T : notnull => new(_database, part);

    /// <summary>What is answered to an exception that is no refusal: ARM's words for it. The log has the exception.</summary>
    public ArmException Unexpected(Exception exception)
    {
        string id = Ids.NewId();
        Logger.LogError(exception, "A request or an operation has failed unexpectedly; its client was told the tracking id {TrackingId}.", id);
        return new ArmException(500, "InternalServerError",
            $"Encountered internal server error. Diagnostic information: timestamp '{Now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}', subscription id '{SubscriptionId}', tracking id '{id}', request correlation id '{id}'.");
    }

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
