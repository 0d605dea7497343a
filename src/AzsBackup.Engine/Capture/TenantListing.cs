using System.Runtime.CompilerServices;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Capture;

/// <summary>Lists what lies in a scope: groups, resources, and what hangs on them (locks, role assignments). Each id once.</summary>
/// <param name="resources">The stack's Resource Manager.</param>
internal sealed class TenantListing(IResourceClient resources)
{
    private const string GroupType = "Microsoft.Resources/resourceGroups";
    private const string SubscriptionType = "Microsoft.Resources/subscriptions";
    private const string AnyResourceType = "Microsoft.Resources/resources";

    // Their lists give whole bodies, inherited ones included: those of a wider scope are left to that scope.
    private static readonly string[] ExtensionTypes =
        ["Microsoft.Authorization/locks", "Microsoft.Authorization/roleAssignments"];

    private readonly HashSet<ResourceId> _seen = [];

    /// <summary>
    /// Lists a scope. A part of the listing that the stack refuses is given to <paramref name="onRefused"/> with the path
    /// refused, and the rest goes on; without a list of resources there is nothing to go on with, and that is thrown.
    /// </summary>
    public async IAsyncEnumerable<ListedResource> ListAsync(
        ResourceId scope, Action<string, string, AzsException> onRefused, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (scope.IsOfType(SubscriptionType))
        {
            await foreach (var group in resources
                .ListAsync($"{scope}/resourceGroups", GroupType, cancellationToken).ConfigureAwait(false))
            {
                if (_seen.Add(group.Id)) yield return new ListedResource(group.Id, group);
            }
        }
        else if (_seen.Add(scope))
        {
            // Read at once: a group that does not exist must end the run before anything is written.
            var body = scope.IsOfType(GroupType) ? await resources.GetAsync(scope, cancellationToken).ConfigureAwait(false) : null;
            yield return new ListedResource(scope, body);
        }

        if (scope.IsOfType(SubscriptionType) || scope.IsOfType(GroupType))
        {
            await foreach (var resource in resources
                .ListAsync($"{scope}/resources", AnyResourceType, cancellationToken).ConfigureAwait(false))
            {
                if (_seen.Add(resource.Id)) yield return new ListedResource(resource.Id, null);
            }
        }

        foreach (var type in ExtensionTypes)
        {
            var path = $"{scope}/providers/{type}";
            foreach (var extension in await ListWholeAsync(path, type, onRefused, cancellationToken).ConfigureAwait(false))
            {
                if (CaptureManifest.Covers([scope], extension.Id.ToString()) && _seen.Add(extension.Id))
                {
                    yield return new ListedResource(extension.Id, extension);
                }
            }
        }
    }

    private async Task<List<ResourceBody>> ListWholeAsync(
        string path, string type, Action<string, string, AzsException> onRefused, CancellationToken cancellationToken)
    {
        var bodies = new List<ResourceBody>();
        try
        {
            await foreach (var body in resources.ListAsync(path, type, cancellationToken).ConfigureAwait(false)) bodies.Add(body);
        }
        catch (AzsException refusal)
        {
            onRefused(path, type, refusal);
        }

        return bodies;
    }
}
