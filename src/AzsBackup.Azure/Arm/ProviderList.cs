using System.Text.Json;

namespace AzsBackup.Azure.Arm;

/// <summary>Reads which api-versions a stack offers for each type.</summary>
internal static class ProviderList
{
    private const string Type = "Microsoft.Resources/providers";

    /// <summary>Reads a subscription's provider list: type to versions, keyed whatever the case.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ReadAsync(
        ArmSender sender, string subscriptionId, CancellationToken cancellationToken)
    {
        var path = $"/subscriptions/{subscriptionId}/providers";
        var offers = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        var version = HybridProfile.FindPin(Type)!;
        var reply = await sender.ReadAsync(sender.UriOf(path, version), cancellationToken).ConfigureAwait(false);
        if (reply.Error?.SupportedVersions is { Count: > 0 } supported
            && ApiVersionCatalog.Choose(Type, new Dictionary<string, IReadOnlyList<string>> { [Type] = supported }) is { } other)
        {
            reply = await sender.ReadAsync(sender.UriOf(path, other), cancellationToken).ConfigureAwait(false);
        }

        var followed = new HashSet<Uri>();
        while (true)
        {
            foreach (var provider in ArmPage.ItemsOf(reply.OrThrow(path), path)) Add(provider, offers);
            if (reply.FindText("nextLink") is not { Length: > 0 } link) return offers;
            var next = sender.UriOfLink(link);
            if (!followed.Add(next)) throw ArmPage.LoopFailure(path);
            reply = await sender.ReadAsync(next, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Add(JsonElement provider, Dictionary<string, IReadOnlyList<string>> offers)
    {
        if (!provider.TryGetProperty("namespace", out var name) || !provider.TryGetProperty("resourceTypes", out var types)) return;
        foreach (var type in types.EnumerateArray())
        {
            if (!type.TryGetProperty("resourceType", out var typeName) || !type.TryGetProperty("apiVersions", out var versions)) continue;
            offers[$"{name.GetString()}/{typeName.GetString()}"] = [.. versions.EnumerateArray().Select(version => version.GetString()!)];
        }
    }
}
