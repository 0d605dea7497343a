using System.Text.Json;
using System.Text.Json.Nodes;

namespace AzsBackup.Engine.Stacks;

/// <summary>
/// Resource Manager as this engine needs it. An implementation picks the api-version for a type (the profile's, if the
/// stack offers it), retries what may be retried, waits as the stack asks, and waits for long-running operations.
/// Failures are <see cref="Model.AzsException"/>: a missing resource is <see cref="Model.AzsErrorKind.NotFound"/>.
/// Safe for concurrent use.
/// </summary>
public interface IResourceClient
{
    /// <summary>Reads one resource, resource group or subscription.</summary>
    Task<ResourceBody> GetAsync(ResourceId id, CancellationToken cancellationToken);

    /// <summary>Reads one resource with its instance view (<c>$expand=instanceView</c>): what a VM is doing just now.</summary>
    Task<ResourceBody> GetWithInstanceViewAsync(ResourceId id, CancellationToken cancellationToken);

    /// <summary>
    /// Lists a collection, page by page, in the stack's order.
    /// </summary>
    /// <param name="path">The collection, for example <c>/subscriptions/{id}/resources</c>, with no query.</param>
    /// <param name="type">The type that decides the api-version, for example <c>Microsoft.Compute/disks</c>.</param>
    /// <param name="cancellationToken">Stops between pages and in a request.</param>
    IAsyncEnumerable<ResourceBody> ListAsync(string path, string type, CancellationToken cancellationToken);

    /// <summary>Creates or replaces a resource and waits until the stack has done so. Gives the final body.</summary>
    Task<ResourceBody> PutAsync(ResourceId id, JsonObject body, CancellationToken cancellationToken);

    /// <summary>Runs an action (<c>beginGetAccess</c>, <c>listKeys</c>, …) and waits for it. Gives its result, if it has one.</summary>
    Task<JsonElement?> PostAsync(ResourceId id, string action, JsonObject? body, CancellationToken cancellationToken);

    /// <summary>Deletes a resource and waits until it is gone. One that is gone already is no error.</summary>
    Task DeleteAsync(ResourceId id, CancellationToken cancellationToken);
}
