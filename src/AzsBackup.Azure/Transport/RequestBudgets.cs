using System.Collections.Concurrent;
using Azure.Core;

namespace AzsBackup.Azure.Transport;

/// <summary>
/// The request budgets of this process, one for each thing a service counts by. Whoever is handed the same object shares them:
/// all commands, VMs and workers of the process do, whichever connection they use. Safe for concurrent use.
/// </summary>
/// <param name="clock">The time, and the waits.</param>
/// <param name="chance">Spreads those waits.</param>
public sealed class RequestBudgets(TimeProvider clock, Random chance)
{
    private readonly ConcurrentDictionary<string, RequestBudget> _budgets = new(StringComparer.OrdinalIgnoreCase);
    private readonly Jitter _jitter = new(chance);

    /// <summary>The budget a request belongs to.</summary>
    internal RequestBudget For(RequestService service, RequestMethod method, Uri uri) =>
        _budgets.GetOrAdd(KeyOf(service, method, uri), static (_, made) => new RequestBudget(made.Clock, made.Jitter), (Clock: clock, Jitter: _jitter));

    /// <summary>
    /// Resource Manager tells its counts apart in <c>x-ms-ratelimit-remaining-subscription-reads</c>, <c>-writes</c> and <c>-deletes</c>:
    /// deleting goes on while reading is held back. Ending a grant shares what deleting has, though the service counts it as writing:
    /// both are how a run cleans up, which must not wait for the hour that a service asks others to wait.
    /// </summary>
    private static string KeyOf(RequestService service, RequestMethod method, Uri uri)
    {
        if (service != RequestService.ResourceManager) return $"{service} {uri.Authority}";
        var kind = method == RequestMethod.Get || method == RequestMethod.Head ? "reads" : method == RequestMethod.Delete || uri.AbsolutePath.EndsWith("/endGetAccess", StringComparison.OrdinalIgnoreCase) ? "deletes" : "writes";
        var path = uri.AbsolutePath.Split('/', 4);
        var subscription = path.Length > 2 && path[1].Equals("subscriptions", StringComparison.OrdinalIgnoreCase) ? path[2] : "";
        return $"{service} {uri.Authority} {subscription} {kind}";
    }
}
