using System.Text.Json;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Readiness;

/// <summary>Which api-versions the stack offers for the types this module works with, and what follows for snapshots and blobs.</summary>
internal sealed class ProviderProbe(IStack stack) : IReadinessProbe
{
    /// <summary>Disks of this version came with release 2102 (docs: managed-disk considerations).</summary>
    private const string DisksOf2102 = "2019-07-01";

    private static readonly (string Provider, string[] Types, bool IsNeeded)[] Used =
    [
        ("Microsoft.Compute", ["virtualMachines", "disks", "snapshots", "availabilitySets", "virtualMachines/extensions"], true),
        ("Microsoft.Network", ["networkInterfaces", "virtualNetworks", "networkSecurityGroups", "publicIPAddresses"], true),
        ("Microsoft.Storage", ["storageAccounts"], true),
        ("Microsoft.Authorization", ["locks", "permissions"], false),
        ("Microsoft.KeyVault", ["vaults"], false),
    ];

    public string Name => "Api versions";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var offers = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
        var list = stack.Resources.ListAsync(
            $"/subscriptions/{stack.Connection.SubscriptionId}/providers", "Microsoft.Resources/providers", cancellationToken);
        await foreach (var provider in list.ConfigureAwait(false))
        {
            if (provider.FindText("namespace") is { } name) offers[name] = provider.Json;
        }

        var findings = Used.Select(used => Judge(used.Provider, used.Types, used.IsNeeded, offers)).ToList();
        findings.Add(JudgeRelease(offers));
        return findings;
    }

    private static Finding Judge(string provider, string[] types, bool isNeeded, Dictionary<string, JsonElement> offers)
    {
        var name = $"Provider: {provider}";
        var absent = isNeeded ? AzsReadinessStatus.Missing : AzsReadinessStatus.Limited;
        if (!offers.TryGetValue(provider, out var offer))
            return new Finding(name, absent, "The stack does not offer it.", "Ask the stack's operator whether the provider is installed and part of your plan.");

        var registration = offer.TryGetProperty("registrationState", out var state) ? state.GetString() : null;
        if (registration is not (null or "Registered"))
        {
            return new Finding(name, absent, $"It is {registration} in this subscription.", $"Register it: Register-AzResourceProvider -ProviderNamespace {provider}.");
        }

        var newest = types.Select(type => (Type: type, Newest: VersionsOf(offer, type).FirstOrDefault())).ToList();
        var missing = newest.Where(type => type.Newest is null && !type.Type.Contains('/', StringComparison.Ordinal)).Select(type => type.Type).ToList();
        var offered = string.Join(", ", newest.Where(type => type.Newest is not null).Select(type => $"{type.Type} {type.Newest}"));
        return missing.Count == 0
            ? new Finding(name, AzsReadinessStatus.Ready, $"Offers {offered}.")
            : new Finding(name, absent, $"Offers no {string.Join(", ", missing)}; offers {offered}.", "Ask the stack's operator whether the stamp is up to date.");
    }

    /// <summary>
    /// Live snapshots came with release 2002, and blob version 2019-07-07 with 2008 (docs: release notes, acs-differences): where disks are offered as
    /// from 2102 on, both are there.
    /// </summary>
    private static Finding JudgeRelease(Dictionary<string, JsonElement> offers)
    {
        const string name = "Snapshots of running VMs";
        var versions = offers.TryGetValue("Microsoft.Compute", out var compute) ? VersionsOf(compute, "disks").ToList() : [];
        if (versions.Exists(version => string.CompareOrdinal(version, DisksOf2102) >= 0))
        {
            return new Finding(
                name, AzsReadinessStatus.Ready, $"The stack offers disks of {DisksOf2102}, so it is of release 2102 or later: disks of running VMs can be snapshotted.");
        }

        return versions.Count == 0
            ? new Finding(name, AzsReadinessStatus.Unknown, "The stack names no versions for disks.")
            : new Finding(
                name,
                AzsReadinessStatus.Limited,
                $"The stack offers disks up to {versions[0]}, so it may be older than release 2102. Before release 2002 a snapshot could stall a running guest.",
                "Back up with -Consistency Offline, unless the operator confirms release 2002 or later.");
    }

    private static IEnumerable<string> VersionsOf(JsonElement offer, string type)
    {
        if (!offer.TryGetProperty("resourceTypes", out var types) || types.ValueKind != JsonValueKind.Array) return [];
        return types.EnumerateArray()
            .Where(one => one.TryGetProperty("resourceType", out var name) && type.Equals(name.GetString(), StringComparison.OrdinalIgnoreCase))
            .SelectMany(one => one.TryGetProperty("apiVersions", out var versions) ? versions.EnumerateArray().Select(version => version.GetString()!) : [])
            .OrderDescending(StringComparer.Ordinal);
    }
}
