using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Azure.Transport;
using AzsBackup.Model;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AzsBackup.Azure.Arm;

/// <summary>Sends single requests to one Resource Manager, and to nowhere else: each carries the bearer token.</summary>
internal sealed class ArmSender(Uri endpoint, HttpPipeline pipeline, TimeProvider clock)
{
    /// <summary>The URI of a path on the stack.</summary>
    public Uri UriOf(string path, string apiVersion) =>
        new($"{endpoint.AbsoluteUri.TrimEnd('/')}{path}?api-version={apiVersion}");

    /// <summary>The URI of a resource with more than it gives by itself.</summary>
    public Uri UriOf(string path, string apiVersion, string expand) => new($"{UriOf(path, apiVersion)}&$expand={expand}");

    /// <summary>The URI of a link the stack gave.</summary>
    /// <exception cref="AzsException">It leads off the stack: following it would hand the token to another server.</exception>
    public Uri UriOfLink(string link)
    {
        if (Uri.TryCreate(endpoint, link, out var uri)
            && uri.Scheme == endpoint.Scheme
            && uri.Port == endpoint.Port
            && uri.Host.Equals(endpoint.Host, StringComparison.OrdinalIgnoreCase))
        {
            return uri;
        }

        throw new AzsException(
            AzsErrorKind.RemoteFailed,
            "ForeignLinkRefused",
            $"The stack at {endpoint.Authority} gave a link to {uri?.GetLeftPart(UriPartial.Authority) ?? "no valid address"}, which was not followed because a request carries the sign-in's token.",
            "Tell the stack's operator: its Resource Manager must answer with links to itself.",
            endpoint.AbsoluteUri);
    }

    /// <summary>
    /// Reads what is never nothing: a resource, a page of a list, the state of an operation. An answer without a body was cut short on
    /// its way and is asked for again.
    /// </summary>
    public Task<ArmReply> ReadAsync(Uri uri, CancellationToken cancellationToken) =>
        SendAsync(RequestMethod.Get, uri, null, WholeBodyPolicy.RequireBody, cancellationToken);

    /// <summary>Sends a request. An error the stack answers is in the reply; no answer at all is an exception.</summary>
    public Task<ArmReply> SendAsync(RequestMethod method, Uri uri, JsonObject? body, CancellationToken cancellationToken) =>
        SendAsync(method, uri, body, static _ => { }, cancellationToken);

    private async Task<ArmReply> SendAsync(
        RequestMethod method, Uri uri, JsonObject? body, Action<HttpMessage> prepare, CancellationToken cancellationToken)
    {
        using var message = pipeline.CreateMessage();
        prepare(message);
        message.BufferResponse = true;
        var request = message.Request;
        request.Method = method;
        request.Uri.Reset(uri);
        request.Headers.Add(HttpHeader.Common.JsonAccept);
        if (body is not null)
        {
            request.Headers.Add("Content-Type", "application/json; charset=utf-8");
            request.Content = RequestContent.Create(Encoding.UTF8.GetBytes(body.ToJsonString()));
        }

        await pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
        var response = message.Response;
        var json = Parse(response.Content, response.Status < 400, uri);
        return new ArmReply
        {
            Status = response.Status,
            Json = json,
            RequestId = Header("x-ms-request-id"),
            AsyncOperation = Header("Azure-AsyncOperation"),
            Location = Header("Location"),
            Date = response.Headers.Date,
            RetryAfter = RetryAfter.Read(response.Headers, clock.GetUtcNow()),
            // A redirect is an answer too that nobody asked for: Resource Manager sends none.
            Error = response.Status >= 300 ? ArmError.Read(response.Status, json, response.ReasonPhrase) : null,
        };

        string? Header(string name) => response.Headers.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
    }

    private static JsonElement? Parse(BinaryData content, bool mustBeJson, Uri uri)
    {
        var bytes = content.ToMemory();
        if (bytes.Span.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        if (bytes.Span.Trim(" \t\r\n"u8).IsEmpty) return null;
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            // An error page of a gateway: its status says enough.
            if (!mustBeJson) return null;
            throw new AzsException(
                AzsErrorKind.RemoteFailed,
                "ReplyMalformed",
                $"{uri.GetLeftPart(UriPartial.Path)} answered with something that is not JSON.",
                "Check that the endpoint is a stack's Resource Manager and that no proxy changes its answers.",
                uri.GetLeftPart(UriPartial.Path),
                exception);
        }
    }
}
