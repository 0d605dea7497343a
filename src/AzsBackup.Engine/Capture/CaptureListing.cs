using AzsBackup.Engine.Configuration;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Capture;

/// <summary>
/// Finds out what lies in the scopes, and how it is read with few requests: the list of all resources says what there is, one
/// list per type gives whole bodies, and what no list gives is read by itself. Types with such a list are asked for even where
/// the list of all resources names none, because that one comes from a cache.
/// </summary>
internal sealed class CaptureListing(IResourceClient resources, ResourceTypeTable types, IdSpelling spelling, IRunLog log)
{
    private const string GroupType = "Microsoft.Resources/resourceGroups";
    private const string SubscriptionType = "Microsoft.Resources/subscriptions";
    private const string AnyResourceType = "Microsoft.Resources/resources";

    private readonly List<CaptureList> _lists = [];
    private readonly List<ResourceId> _singles = [];
    private readonly List<ResourceBody> _bodies = [];

    /// <summary>The lists to read.</summary>
    public IReadOnlyList<CaptureList> Lists => _lists;

    /// <summary>The resources to read by themselves.</summary>
    public IReadOnlyList<ResourceId> Singles => _singles;

    /// <summary>Bodies that came with the listing.</summary>
    public IReadOnlyList<ResourceBody> Bodies => _bodies;

    /// <summary>Lists a scope.</summary>
    /// <exception cref="Model.AzsException">It does not exist, or the list of its resources is refused: there is nothing to go on with.</exception>
    public async Task AddAsync(ResourceId scope, CancellationToken cancellationToken)
    {
        log.Verbose($"Listing {scope}.");
        var isSubscription = scope.IsOfType(SubscriptionType);
        if (!isSubscription && !scope.IsOfType(GroupType))
        {
            _singles.Add(scope);
            AddExtensions(scope, isSubscription);
            return;
        }

        if (isSubscription)
        {
            await foreach (var group in resources.ListAsync($"{scope}/resourceGroups", GroupType, cancellationToken).ConfigureAwait(false)) _bodies.Add(group);
        }
        else
        {
            // Read at once: a group that does not exist must end the run before anything is written.
            _bodies.Add(await resources.GetAsync(scope, cancellationToken).ConfigureAwait(false));
        }

        var listed = new Dictionary<string, List<ResourceId>>(StringComparer.OrdinalIgnoreCase);
        var seen = new HashSet<ResourceId>();
        await foreach (var resource in resources.ListAsync($"{scope}/resources", AnyResourceType, cancellationToken).ConfigureAwait(false))
        {
            spelling.Learn(resource.Id, resource.FindText("name"));
            if (!seen.Add(resource.Id)) continue;
            if (!listed.TryGetValue(resource.Id.Type, out var ofType)) listed.Add(resource.Id.Type, ofType = []);
            ofType.Add(resource.Id);
        }

        AddTypes(scope, isSubscription, listed);
        AddExtensions(scope, isSubscription);
    }

    private void AddTypes(ResourceId scope, bool isSubscription, Dictionary<string, List<ResourceId>> listed)
    {
        foreach (var type in types.Types.Where(type => type is { List: ResourceListing.Full, Level: ResourceLevel.Group }))
        {
            _ = listed.Remove(type.Type, out var expected);
            expected ??= [];
            if (!isSubscription || type.ListScope == ResourceLevel.Subscription)
            {
                _lists.Add(new CaptureList($"{scope}/providers/{type.Type}", type, scope, expected));
                continue;
            }

            foreach (var group in expected.GroupBy(id => id.ResourceGroupName!, StringComparer.OrdinalIgnoreCase))
            {
                var groupScope = ResourceId.CreateGroup(scope.SubscriptionId, group.Key);
                _lists.Add(new CaptureList($"{groupScope}/providers/{type.Type}", type, groupScope, [.. group]));
            }
        }

        _singles.AddRange(listed.Values.SelectMany(ids => ids));
    }

    private void AddExtensions(ResourceId scope, bool isSubscription)
    {
        foreach (var type in types.Types.Where(type => type.List == ResourceListing.Full && !type.Type.Equals(GroupType, StringComparison.OrdinalIgnoreCase)))
        {
            if (type.Level == ResourceLevel.Extension || (type.Level == ResourceLevel.Subscription && isSubscription))
            {
                _lists.Add(new CaptureList($"{scope}/providers/{type.Type}", type, scope, []));
            }
        }
    }
}
