using System.Text.Json;
using AzsBackup.Model;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.ResourceManager;

namespace AzsBackup.Azure.Connections;

/// <summary>
/// Asks a stack who issues its tokens: <c>GET /metadata/endpoints</c>, which needs no token. Public clouds are known.
/// </summary>
internal sealed class StackMetadataReader(HttpPipeline pipeline)
{
    /// <summary>Most tools ask with the first, Az PowerShell with the second.</summary>
    private static readonly string[] Versions = ["2015-01-01", "1.0"];

    private static readonly Dictionary<string, StackMetadata> PublicClouds = new(StringComparer.OrdinalIgnoreCase)
    {
        [ArmEnvironment.AzurePublicCloud.Endpoint.Host] = new(AzureAuthorityHosts.AzurePublicCloud, ArmEnvironment.AzurePublicCloud.Audience, null),
        [ArmEnvironment.AzureGovernment.Endpoint.Host] = new(AzureAuthorityHosts.AzureGovernment, ArmEnvironment.AzureGovernment.Audience, null),
        [ArmEnvironment.AzureChina.Endpoint.Host] = new(AzureAuthorityHosts.AzureChina, ArmEnvironment.AzureChina.Audience, null),
    };

    /// <summary>Reads it.</summary>
    /// <exception cref="AzsException">The endpoint can't be reached, is not trusted, or belongs to no stack.</exception>
    public async Task<StackMetadata> ReadAsync(Uri armEndpoint, CancellationToken cancellationToken)
    {
        if (PublicClouds.TryGetValue(armEndpoint.Host, out var known)) return known;
        foreach (var version in Versions)
        {
            using var message = pipeline.CreateMessage();
            message.BufferResponse = true;
            message.Request.Method = RequestMethod.Get;
            message.Request.Uri.Reset(new Uri($"{armEndpoint.AbsoluteUri.TrimEnd('/')}/metadata/endpoints?api-version={version}"));
            message.Request.Headers.Add(HttpHeader.Common.JsonAccept);
            try
            {
                await pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
            }
            catch (AzsException malformed) when (malformed.ErrorId == "ReplyMalformed")
            {
                continue;
            }

            var response = message.Response;
            if (response.Status is 408 or 429 or >= 500)
            {
                throw new AzsException(
                    AzsErrorKind.RemoteFailed,
                    "StackUnavailable",
                    $"{armEndpoint} answered HTTP {response.Status}.",
                    "Try again later; tell the stack's operator if it goes on.",
                    armEndpoint.AbsoluteUri);
            }

            if (response.Status == 200 && Parse(response.Content) is { } metadata) return metadata;
        }

        throw new AzsException(
            AzsErrorKind.InvalidInput,
            "NotAStackEndpoint",
            $"{armEndpoint} is not a Resource Manager endpoint: it does not describe itself as a stack does.",
            "Give the tenant Resource Manager endpoint, for example https://management.local.azurestack.external.",
            armEndpoint.AbsoluteUri);
    }

    /// <summary>Reads an answer, whatever the case of its names; null if it is not what a stack says.</summary>
    public static StackMetadata? Parse(BinaryData content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            var root = document.RootElement;
            // Public Azure's later versions answer with a list of clouds.
            if (root.ValueKind == JsonValueKind.Array) root = root.EnumerateArray().FirstOrDefault();
            if (Find(root, "authentication") is not { } authentication) return null;
            if (Find(authentication, "audiences") is not { ValueKind: JsonValueKind.Array } audiences) return null;
            var audience = audiences.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String)
                .Select(item => item.GetString()).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));
            if (audience is null || Text(authentication, "loginEndpoint") is not { } login) return null;
            return Uri.TryCreate(login, UriKind.Absolute, out var issuer) && issuer.Scheme == Uri.UriSchemeHttps
                ? new StackMetadata(issuer, audience, Text(authentication, "tenant"))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement? Find(JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object) return null;
        foreach (var property in parent.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return property.Value;
        }

        return null;
    }

    private static string? Text(JsonElement parent, string name) =>
        Find(parent, name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text ? text : null;
}
