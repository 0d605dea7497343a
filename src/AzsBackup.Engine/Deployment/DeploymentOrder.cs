using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Deployment;

/// <summary>
/// Puts resources in an order in which they can be made, and into parts of one scope each: a group as a whole where that is
/// possible, in turns where groups need each other. Pure; the same resources give the same parts.
/// </summary>
internal static class DeploymentOrder
{
    /// <exception cref="AzsException"><c>DeploymentCycle</c>: resources need each other.</exception>
    public static IEnumerable<(string? Group, IReadOnlyList<DeploymentResource> Resources)> Sort(IReadOnlyList<DeploymentResource> resources)
    {
        var done = new HashSet<ResourceId>();
        foreach (var phase in resources.GroupBy(resource => resource.Phase).OrderBy(phase => phase.Key))
        {
            // What is at subscription level comes first in each phase.
            var left = phase.GroupBy(resource => resource.Id.ResourceGroupName ?? "", StringComparer.OrdinalIgnoreCase)
                .OrderBy(group => group.Key, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(group => group.Key, group => group.OrderBy(resource => resource.Id.ToString(), StringComparer.OrdinalIgnoreCase).ToList(), StringComparer.OrdinalIgnoreCase);
            if (phase.Key == DeploymentPhase.Foundation) left = new(StringComparer.OrdinalIgnoreCase) { [""] = [.. left.Values.SelectMany(group => group)] };
            var inPhase = left.Values.SelectMany(group => group).Select(resource => resource.Id).ToHashSet();
            while (left.Count > 0)
            {
                var (group, ready) = Next(left, id => !inPhase.Contains(id) || done.Contains(id));
                done.UnionWith(ready.Select(resource => resource.Id));
                left[group].RemoveAll(resource => done.Contains(resource.Id));
                if (left[group].Count == 0) left.Remove(group);
                yield return (group.Length == 0 ? null : group, ready);
            }
        }
    }

    private static (string Group, List<DeploymentResource> Ready) Next(Dictionary<string, List<DeploymentResource>> left, Func<ResourceId, bool> isThere)
    {
        (string Group, List<DeploymentResource> Ready) best = ("", []);
        foreach (var group in left.Keys.Order(StringComparer.OrdinalIgnoreCase))
        {
            var ready = Ready(left[group], isThere);
            if (ready.Count == left[group].Count) return (group, ready);
            if (ready.Count > best.Ready.Count) best = (group, ready);
        }

        return best.Ready.Count > 0 ? best : throw Cycle([.. left.Values.SelectMany(group => group)], isThere);
    }

    // All that can be made, each after what it needs.
    private static List<DeploymentResource> Ready(List<DeploymentResource> resources, Func<ResourceId, bool> isThere)
    {
        var own = resources.ToDictionary(resource => resource.Id);
        var waits = resources.ToDictionary(resource => resource.Id, resource => resource.DependsOn.Count(id => !isThere(id)));
        var needers = resources.SelectMany(resource => resource.DependsOn.Where(own.ContainsKey).Select(id => (Id: id, Needer: resource)))
            .ToLookup(pair => pair.Id, pair => pair.Needer);
        var next = new SortedSet<DeploymentResource>(resources.Where(resource => waits[resource.Id] == 0), ById);
        var ready = new List<DeploymentResource>();
        while (next.Min is { } first)
        {
            next.Remove(first);
            ready.Add(first);
            foreach (var needer in needers[first.Id])
            {
                if (--waits[needer.Id] == 0) next.Add(needer);
            }
        }

        return ready;
    }

    private static readonly IComparer<DeploymentResource> ById = Comparer<DeploymentResource>.Create(
        (one, other) => StringComparer.OrdinalIgnoreCase.Compare(one.Id.ToString(), other.Id.ToString()));

    private static AzsException Cycle(List<DeploymentResource> stuck, Func<ResourceId, bool> isThere)
    {
        // Whoever is stuck waits for somebody stuck: walking on from any of them ends in the cycle.
        var byId = stuck.ToDictionary(resource => resource.Id);
        var walk = new List<ResourceId>();
        var at = stuck[0].Id;
        while (!walk.Contains(at))
        {
            walk.Add(at);
            at = byId[at].DependsOn.First(id => byId.ContainsKey(id) && !isThere(id));
        }

        var ring = walk.Skip(walk.IndexOf(at)).Append(at);
        return new AzsException(
            AzsErrorKind.InvalidInput,
            "DeploymentCycle",
            $"These resources need each other, so that none can be made first: {string.Join(" -> ", ring)}.",
            "Export a part of the subscription that does not hold all of them, or remove one of the references.",
            at.ToString());
    }
}
