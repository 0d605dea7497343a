using AzsBackup.Azure.Arm;
using AzsBackup.Model;

namespace AzsBackup.Azure.Connections;

/// <summary>A subscription to work in, picked among those a sign-in sees.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its display name, if it has one.</param>
/// <param name="TenantId">Its directory, if the stack names it.</param>
internal sealed record SubscriptionChoice(string Id, string? Name, string? TenantId)
{
    private const string ApiVersion = "2016-06-01";

    /// <summary>Lists them and picks: the one asked for, or the only one.</summary>
    /// <exception cref="AzsException">There is none, or the choice is not clear.</exception>
    public static async Task<SubscriptionChoice> MakeAsync(ArmSender sender, string? wanted, CancellationToken cancellationToken)
    {
        var seen = new List<SubscriptionChoice>();
        await foreach (var reply in ReadPagesAsync(sender, "/subscriptions", cancellationToken).ConfigureAwait(false))
        {
            foreach (var item in ArmPage.ItemsOf(reply, "/subscriptions"))
            {
                var one = new ArmReply { Status = reply.Status, Json = item };
                if (one.FindText("subscriptionId") is { } id)
                    seen.Add(new SubscriptionChoice(id, one.FindText("displayName"), one.FindText("tenantId")));
            }
        }

        return Pick(seen, wanted);
    }

    /// <summary>Picks among those seen.</summary>
    public static SubscriptionChoice Pick(IReadOnlyList<SubscriptionChoice> seen, string? wanted)
    {
        if (seen.Count == 0)
        {
            throw new AzsException(
                AzsErrorKind.PermissionDenied,
                "NoSubscription",
                "The sign-in sees no subscription on this stack.",
                "Ask for a role on a subscription, for example Contributor, and check the directory signed in to.",
                wanted);
        }

        if (wanted is not null)
        {
            return seen.FirstOrDefault(one => one.Id.Equals(wanted, StringComparison.OrdinalIgnoreCase)) ?? throw new AzsException(
                AzsErrorKind.NotFound,
                "SubscriptionNotFound",
                $"The sign-in does not see subscription '{wanted}', only {NamesOf(seen)}.",
                "Give one of those with -SubscriptionId, or ask for a role on the other.",
                wanted);
        }

        return seen.Count == 1 ? seen[0] : throw new AzsException(
            AzsErrorKind.InvalidInput,
            "SubscriptionAmbiguous",
            $"The sign-in sees {seen.Count} subscriptions: {NamesOf(seen)}.",
            "Give one of them with -SubscriptionId.");
    }

    /// <summary>The stack's location: what its subscription lists first, else the region in <c>management.{region}.{fqdn}</c>.</summary>
    public async Task<string> ReadLocationAsync(ArmSender sender, Uri armEndpoint, CancellationToken cancellationToken)
    {
        var path = $"/subscriptions/{Id}/locations";
        var reply = await sender.ReadAsync(sender.UriOf(path, ApiVersion), cancellationToken).ConfigureAwait(false);
        if (reply.Error is null)
        {
            foreach (var item in ArmPage.ItemsOf(reply, path))
            {
                if (new ArmReply { Status = reply.Status, Json = item }.FindText("name") is { } name) return name;
            }
        }
        else if (reply.Status is not (400 or 404))
        {
            reply.OrThrow(path);
        }

        var labels = armEndpoint.Host.Split('.');
        return labels.Length > 2 && labels[0].Equals("management", StringComparison.OrdinalIgnoreCase) ? labels[1] : throw new AzsException(
            AzsErrorKind.NotSupported,
            "LocationUnknown",
            $"Subscription {Id} lists no location, and the endpoint's name holds no region.",
            "Connect by the stack's full name, https://management.{region}.{domain}.",
            armEndpoint.AbsoluteUri);
    }

    private static async IAsyncEnumerable<ArmReply> ReadPagesAsync(
        ArmSender sender, string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var followed = new HashSet<Uri>();
        for (var next = sender.UriOf(path, ApiVersion); ;)
        {
            if (!followed.Add(next)) throw ArmPage.LoopFailure(path);
            var reply = (await sender.ReadAsync(next, cancellationToken).ConfigureAwait(false)).OrThrow(path);
            yield return reply;
            if (reply.FindText("nextLink") is not { Length: > 0 } link) yield break;
            next = sender.UriOfLink(link);
        }
    }

    private static string NamesOf(IReadOnlyList<SubscriptionChoice> seen)
    {
        const int Most = 10;
        var names = string.Join(", ", seen.Take(Most).Select(one => one.Name is null ? one.Id : $"'{one.Name}' ({one.Id})"));
        return seen.Count > Most ? $"{names} and {seen.Count - Most} more" : names;
    }
}
