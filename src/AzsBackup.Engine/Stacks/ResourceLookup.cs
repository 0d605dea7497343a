using System.Text.Json.Nodes;
using AzsBackup.Model;

namespace AzsBackup.Engine.Stacks;

/// <summary>Questions to Resource Manager that take "it is not there" for an answer.</summary>
internal static class ResourceLookup
{
    /// <summary>Reads a resource; null if it does not exist.</summary>
    public static async Task<ResourceBody?> FindAsync(this IResourceClient resources, ResourceId id, CancellationToken cancellationToken)
    {
        try
        {
            return await resources.GetAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException missing) when (missing.Kind == AzsErrorKind.NotFound)
        {
            return null;
        }
    }

    /// <summary>Makes a resource group of our own unless it exists; what it is for stands in its <c>azsbackup</c> tag.</summary>
    public static async Task EnsureGroupAsync(
        this IResourceClient resources, ResourceId group, string location, string purpose, CancellationToken cancellationToken)
    {
        if (await resources.FindAsync(group, cancellationToken).ConfigureAwait(false) is not null) return;
        var body = new JsonObject { ["location"] = location, ["tags"] = new JsonObject { ["azsbackup"] = purpose } };
        await resources.PutAsync(group, body, cancellationToken).ConfigureAwait(false);
    }
}
