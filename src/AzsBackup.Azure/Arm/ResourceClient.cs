using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using Azure.Core;

namespace AzsBackup.Azure.Arm;

/// <summary>
/// Resource Manager over plain JSON: bodies come and go with every property they have, which the SDK's generic resources do not do.
/// </summary>
internal sealed class ResourceClient(ArmSender sender, ApiVersionCatalog versions, OperationWaiter operations) : IResourceClient
{
    /// <inheritdoc/>
    public async Task<ResourceBody> GetAsync(ResourceId id, CancellationToken cancellationToken)
    {
        var (reply, version) = await SendAsync(RequestMethod.Get, id.ToString(), id.Type, null, cancellationToken).ConfigureAwait(false);
        return BodyOf(reply.OrThrow(id.ToString()), id, version);
    }

    /// <inheritdoc/>
    public async Task<ResourceBody> GetWithInstanceViewAsync(ResourceId id, CancellationToken cancellationToken)
    {
        var (reply, version) = await SendAsync(
            RequestMethod.Get, version => sender.UriOf(id.ToString(), version, "instanceView"), id.Type, null, cancellationToken).ConfigureAwait(false);
        return BodyOf(reply.OrThrow(id.ToString()), id, version);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ResourceBody> ListAsync(
        string path, string type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (reply, version) = await SendAsync(RequestMethod.Get, path, type, null, cancellationToken).ConfigureAwait(false);
        var followed = new HashSet<Uri>();
        while (true)
        {
            foreach (var item in ArmPage.ItemsOf(reply.OrThrow(path), path))
                yield return new ResourceBody(IdOf(item) ?? NearestId(path), item, version, reply.RequestId);
            if (reply.FindText("nextLink") is not { Length: > 0 } link) yield break;

            var next = sender.UriOfLink(link);
            if (!followed.Add(next)) throw ArmPage.LoopFailure(path);
            reply = await sender.ReadAsync(next, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<ResourceBody> PutAsync(ResourceId id, JsonObject body, CancellationToken cancellationToken)
    {
        var target = id.ToString();
        var (reply, version) = await SendAsync(RequestMethod.Put, target, id.Type, body, cancellationToken).ConfigureAwait(false);
        reply.OrThrow(target);
        OperationWaiter.ThrowIfFailed(reply, target);
        var waited = await operations.WaitAsync(reply, target, cancellationToken).ConfigureAwait(false) is not null;
        if (waited || reply.Json is null || OperationWaiter.IsRunning(reply))
            reply = await operations.WaitForStateAsync(sender.UriOf(target, version), reply, target, cancellationToken).ConfigureAwait(false);
        return BodyOf(reply, id, version);
    }

    /// <inheritdoc/>
    public async Task<JsonElement?> PostAsync(ResourceId id, string action, JsonObject? body, CancellationToken cancellationToken)
    {
        var target = id.ToString();
        var (reply, _) = await SendAsync(RequestMethod.Post, $"{target}/{action}", id.Type, body, cancellationToken).ConfigureAwait(false);
        return await operations.WaitForResultAsync(reply.OrThrow(target), target, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(ResourceId id, CancellationToken cancellationToken)
    {
        var target = id.ToString();
        var (reply, version) = await SendAsync(RequestMethod.Delete, target, id.Type, null, cancellationToken).ConfigureAwait(false);
        if (reply.Status == 404) return;
        reply.OrThrow(target);
        try
        {
            var last = await operations.WaitAsync(reply, target, cancellationToken).ConfigureAwait(false);
            if (last is null && reply.Status == 202)
                await operations.WaitUntilGoneAsync(sender.UriOf(target, version), reply, target, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.NotFound)
        {
            // The operation's own address vanishes with a resource group.
        }
    }

    private Task<(ArmReply Reply, string ApiVersion)> SendAsync(
        RequestMethod method, string path, string type, JsonObject? body, CancellationToken cancellationToken) =>
        SendAsync(method, version => sender.UriOf(path, version), type, body, cancellationToken);

    private async Task<(ArmReply Reply, string ApiVersion)> SendAsync(
        RequestMethod method, Func<string, Uri> uriOf, string type, JsonObject? body, CancellationToken cancellationToken)
    {
        var version = await versions.ChooseAsync(type, cancellationToken).ConfigureAwait(false);
        var reply = await SendAsync(version).ConfigureAwait(false);
        if (reply.Error?.SupportedVersions is not { Count: > 0 } supported || versions.Correct(type, version, supported) is not { } other)
            return (reply, version);
        return (await SendAsync(other).ConfigureAwait(false), other);

        Task<ArmReply> SendAsync(string version) => method == RequestMethod.Get
            ? sender.ReadAsync(uriOf(version), cancellationToken)
            : sender.SendAsync(method, uriOf(version), body, cancellationToken);
    }

    private static ResourceBody BodyOf(ArmReply reply, ResourceId asked, string version) => reply.Json is { } json
        ? new ResourceBody(IdOf(json) ?? asked, json, version, reply.RequestId)
        : throw new AzsException(
            AzsErrorKind.RemoteFailed,
            "ReplyMalformed",
            $"{asked}: the stack answered without a body.",
            "Try again; tell the stack's operator if it goes on.",
            asked.ToString());

    private static ResourceId? IdOf(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("id", out var text) && text.ValueKind == JsonValueKind.String
            && ResourceId.TryParse(text.GetString(), out var id) ? id : null;

    /// <summary>The longest part of a collection's path that is an id: locations, sizes and usages have none of their own.</summary>
    private static ResourceId NearestId(string path)
    {
        for (var part = path; part.Length > 0; part = part[..part.LastIndexOf('/')])
        {
            if (ResourceId.TryParse(part, out var id)) return id;
        }

        throw new ArgumentException($"'{path}' does not lie in a subscription.", nameof(path));
    }
}
