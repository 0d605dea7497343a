using System.Text.Json;
using System.Text.Unicode;
using System.Xml;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AzsBackup.Azure.Transport;

/// <summary>
/// Takes an answer in JSON or XML that is not well formed for one that was cut short or changed on its way, and so for a broken
/// connection, which is retried. Where a body tells no length, nothing else gives its early end away. Bodies that stream pass by,
/// unless they are of a refusal: the SDK reads those with calls that block, so they are read here before.
/// </summary>
internal sealed class WholeBodyPolicy : HttpPipelinePolicy
{
    // Its type is the key of a message's property.
    private sealed class BodyRequired;

    private static readonly XmlReaderSettings XmlSettings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>Says that a request's answer is nothing without a body, whatever it asks for.</summary>
    public static void RequireBody(HttpMessage message) => message.SetProperty(typeof(BodyRequired), true);

    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await ProcessNextAsync(message, pipeline).ConfigureAwait(false);
        var response = message.Response;
        if (!message.BufferResponse && response.Status >= 300) await BufferAsync(response, message.CancellationToken).ConfigureAwait(false);
        if (response is { Status: >= 300, ContentStream.CanSeek: true, ContentStream.Length: 0 })
        {
            // An answer to HEAD tells the type of a body it does not have, and the SDK would read one of that type.
            response.ContentStream = null;
        }

        if (!message.BufferResponse || response.Status is < 200 or >= 300 || message.Request.Method == RequestMethod.Head) return;
        var type = response.Headers.ContentType ?? "";
        var body = response.ContentStream is null ? default : response.Content.ToMemory();
        if (body.IsEmpty)
        {
            // A list and a resource are never nothing. Where an operation has no result, Resource Manager may answer with none indeed.
            if (response.Status == 200 && message.Request.Method == RequestMethod.Get && (WantsXml(message.Request) || IsRequired(message)))
            {
                response.Dispose();
                throw new MalformedBodyException();
            }

            return;
        }

        try
        {
            if (type.Contains("json", StringComparison.OrdinalIgnoreCase)) CheckJson(body.Span);
            else if (type.Contains("xml", StringComparison.OrdinalIgnoreCase)) CheckXml(body);
        }
        catch (Exception exception) when (exception is JsonException or XmlException)
        {
            response.Dispose();
            throw new MalformedBodyException(exception is JsonException ? "JSON" : "XML", exception);
        }
    }

    /// <inheritdoc/>
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Requests are sent asynchronously.");

    private static bool IsRequired(HttpMessage message) => message.TryGetProperty(typeof(BodyRequired), out _);

    private static bool WantsXml(Request request) =>
        request.Headers.TryGetValue("Accept", out var type) && type.Contains("xml", StringComparison.OrdinalIgnoreCase);

    private static async Task BufferAsync(Response response, CancellationToken cancellationToken)
    {
        if (response.ContentStream is not { } stream) return;
        var buffer = new MemoryStream();
        await using (stream.ConfigureAwait(false)) await stream.CopyToAsync(buffer, cancellationToken).ConfigureAwait(false);
        buffer.Position = 0;
        response.ContentStream = buffer;
    }

    private static void CheckJson(ReadOnlySpan<byte> body)
    {
        if (body.StartsWith("\uFEFF"u8)) body = body[3..];
        if (body.Trim(" \t\r\n"u8).IsEmpty) return;

        // The reader looks into texts only when they are taken out.
        if (!Utf8.IsValid(body)) throw new JsonException("It is not UTF-8.");
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
        }
    }

    private static void CheckXml(ReadOnlyMemory<byte> body)
    {
        using var reader = XmlReader.Create(BinaryData.FromBytes(body).ToStream(), XmlSettings);
        while (reader.Read())
        {
        }
    }
}
