using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Replication;

/// <summary>A storage account of our own on a target stack, and the replicas in it.</summary>
public sealed class ReplicaSite
{
    private const string Container = "azsbackup-replicas";
    private const string ManifestName = "replica.json";
    private const string Tag = "azsbackup";
    private const string TagValue = "replicas";

    private ReplicaSite(IBlobAccount blobs, ResourceId account)
    {
        Blobs = blobs;
        Account = account;
    }

    /// <summary>The storage account.</summary>
    public ResourceId Account { get; }

    private IBlobAccount Blobs { get; }

    /// <summary>The id a VM's replica has on any target: the same VM always gets the same.</summary>
    public static string ReplicaIdFor(string sourceHost, ResourceId vm) =>
        ShortHash($"{sourceHost}{vm}", 16);

    /// <summary>Opens a resource group's site, making group and account if need be.</summary>
    public static async Task<ReplicaSite> EnsureAsync(IStack target, string resourceGroupName, CancellationToken cancellationToken)
    {
        var subscription = target.Connection.SubscriptionId;
        var location = target.Connection.Location;
        var group = ResourceId.CreateGroup(subscription, resourceGroupName);
        await target.Resources.EnsureGroupAsync(group, location, TagValue, cancellationToken).ConfigureAwait(false);

        // An account's name is unique on the whole stamp: the subscription and group make it ours.
        var name = "azsrep" + ShortHash($"{subscription}/{resourceGroupName}", 16);
        var id = ResourceId.Create(subscription, resourceGroupName, StorageAccounts.Type, name);
        var account = await target.Resources.FindAsync(id, cancellationToken).ConfigureAwait(false);
        if (account is null)
        {
            var body = new JsonObject
            {
                ["location"] = location,
                ["kind"] = "Storage",
                ["sku"] = new JsonObject { ["name"] = "Standard_LRS" },
                ["tags"] = new JsonObject { [Tag] = TagValue },
                ["properties"] = new JsonObject { ["supportsHttpsTrafficOnly"] = true },
            };
            account = await target.Resources.PutAsync(id, body, cancellationToken).ConfigureAwait(false);
        }

        var site = new ReplicaSite(await StorageAccounts.OpenAsync(target, account, cancellationToken).ConfigureAwait(false), account.Id);
        await site.Blobs.EnsureContainerAsync(Container, cancellationToken).ConfigureAwait(false);
        return site;
    }

    /// <summary>The sites of a target's subscription.</summary>
    public static async IAsyncEnumerable<ReplicaSite> ListAsync(
        IStack target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"/subscriptions/{target.Connection.SubscriptionId}/providers/{StorageAccounts.Type}";
        await foreach (var account in target.Resources.ListAsync(path, StorageAccounts.Type, cancellationToken).ConfigureAwait(false))
        {
            if (account.FindText("tags", Tag) != TagValue) continue;
            yield return new ReplicaSite(await StorageAccounts.OpenAsync(target, account, cancellationToken).ConfigureAwait(false), account.Id);
        }
    }

    /// <summary>The page blob of one disk of a replica.</summary>
    public IPageBlob OpenDisk(string blobName) => Blobs.OpenPageBlob(Container, blobName);

    /// <summary>The ids of the replicas here.</summary>
    public async IAsyncEnumerable<string> ListReplicasAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var name in Blobs.ListAsync(Container, "", cancellationToken).ConfigureAwait(false))
        {
            if (name.EndsWith("/" + ManifestName, StringComparison.Ordinal)) yield return name[..^(ManifestName.Length + 1)];
        }
    }

    /// <summary>A replica's manifest; null if it has never published.</summary>
    public async Task<ReplicaManifest?> FindManifestAsync(string replicaId, CancellationToken cancellationToken) =>
        await Blobs.FindDocumentAsync(Container, $"{replicaId}/{ManifestName}", cancellationToken).ConfigureAwait(false) is { } json
            ? ReplicaManifest.Read(json, replicaId)
            : null;

    /// <summary>Publishes a cycle: writes the configuration, then the manifest.</summary>
    public async Task PublishAsync(
        ReplicaManifest manifest, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> configuration, CancellationToken cancellationToken)
    {
        foreach (var (name, content) in configuration)
        {
            await Blobs.PutDocumentAsync(Container, $"{manifest.Id}/{name}", content, cancellationToken).ConfigureAwait(false);
        }

        await Blobs.PutDocumentAsync(Container, $"{manifest.Id}/{ManifestName}", manifest.Write(), cancellationToken).ConfigureAwait(false);
    }

    private static string ShortHash(string text, int digits) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToLowerInvariant())))[..digits].ToLowerInvariant();
}
