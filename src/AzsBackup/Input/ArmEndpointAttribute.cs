using System.Management.Automation;

namespace AzsBackup.Input;

/// <summary>
/// Takes a Resource Manager endpoint as people write it: with or without <c>https://</c>. Names the mistakes that would
/// otherwise end in a puzzling answer: the portal's address, the operator's endpoint, plain HTTP.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ArmEndpointAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        var text = value is Uri given ? given.OriginalString : value as string;
        if (string.IsNullOrWhiteSpace(text)) throw Refused("The endpoint is empty.");

        var address = text.Trim();
        if (!address.Contains("://", StringComparison.Ordinal)) address = $"https://{address}";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var endpoint) || endpoint.Host.Length == 0) throw Refused($"'{text}' is not an address.");
        if (endpoint.Scheme != Uri.UriSchemeHttps) throw Refused($"'{text}' does not begin with https://, and credentials travel over nothing less.");
        if (Begins(endpoint, "adminmanagement.")) throw Refused($"'{text}' is the operator's endpoint; tenants use {Suggestion(endpoint, "adminmanagement.")}.");
        if (Begins(endpoint, "portal.")) throw Refused($"'{text}' is the portal's address; its Resource Manager is {Suggestion(endpoint, "portal.")}.");
        return endpoint;
    }

    private static bool Begins(Uri endpoint, string label) => endpoint.Host.StartsWith(label, StringComparison.OrdinalIgnoreCase);

    private static string Suggestion(Uri endpoint, string label) =>
        endpoint.Host.Equals("portal.azure.com", StringComparison.OrdinalIgnoreCase)
            ? "https://management.azure.com"
            : $"https://management.{endpoint.Host[label.Length..]}";

    private static ArgumentTransformationMetadataException Refused(string message) =>
        new($"{message} Give the tenant Resource Manager endpoint, for example https://management.local.azurestack.external.");
}
