using System.Globalization;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Hosting;

namespace AzsBackup.Tests.Emulator.Specifications;

/// <summary>
/// What Microsoft's specifications say of the versions that the profile 2020-09-01-hybrid pins, for compute, disks, network, storage and
/// resources: https://github.com/Azure/azure-rest-api-specs.
/// </summary>
internal sealed class StackSpecifications
{
    /// <summary>The documents, below the folder of the material.</summary>
    private static readonly string[] Documents =
    [
        "compute/Microsoft.Compute/stable/2020-06-01/compute.json",
        "compute/Microsoft.Compute/stable/2020-06-01/runCommands.json",
        "compute/Microsoft.Compute/stable/2019-07-01/disk.json",
        "network/Microsoft.Network/stable/2018-11-01/loadBalancer.json",
        "network/Microsoft.Network/stable/2018-11-01/networkInterface.json",
        "network/Microsoft.Network/stable/2018-11-01/networkSecurityGroup.json",
        "network/Microsoft.Network/stable/2018-11-01/operation.json",
        "network/Microsoft.Network/stable/2018-11-01/publicIpAddress.json",
        "network/Microsoft.Network/stable/2018-11-01/routeTable.json",
        "network/Microsoft.Network/stable/2018-11-01/usage.json",
        "network/Microsoft.Network/stable/2018-11-01/virtualNetwork.json",
        "network/Microsoft.Network/stable/2018-11-01/virtualNetworkGateway.json",
        "storage/Microsoft.Storage/stable/2019-06-01/storage.json",
        "storage/Microsoft.Storage/stable/2019-06-01/blob.json",
        "resources/Microsoft.Resources/stable/2019-10-01/resources.json",
        "resources/Microsoft.Resources/stable/2016-06-01/subscriptions.json",
    ];

    /// <summary>Values the documents describe as going in only, without marking them: passwords, keys and scripts.</summary>
    private static readonly string[] Secrets =
    [
        "OSProfile.adminPassword", "OSProfile.customData", "AdditionalUnattendContent.content", "VirtualMachineScaleSetOSProfile.adminPassword",
        "VirtualMachineScaleSetOSProfile.customData", "VirtualMachineExtensionProperties.protectedSettings",
        "VirtualMachineScaleSetExtensionProperties.protectedSettings",
    ];

    private readonly Dictionary<(string Method, string Version), List<SwaggerOperation>> _operations = [];
    private readonly SwaggerSchema _error;

    private StackSpecifications(string folder)
    {
        SwaggerLoader loader = new(folder, Secrets);
        foreach (SwaggerOperation operation in Documents.SelectMany(document => loader.Load(Path.Combine(folder, document))))
        {
            // Generic operations are answered by the provider of the type, whose own document counts.
            if (operation.Template is "/{resourceId}" || operation.Template.Contains("/{resourceType}/", StringComparison.Ordinal))
                continue;
            (string, string) key = (operation.Method, operation.ApiVersion);
            if (!_operations.TryGetValue(key, out List<SwaggerOperation>? list))
                _operations[key] = list = [];
            list.Add(operation);
        }

        foreach (List<SwaggerOperation> list in _operations.Values)
            list.Sort((left, right) => right.Fixed.CompareTo(left.Fixed));
        _error = loader.Definition(Path.Combine(folder, "compute/Microsoft.Compute/stable/2020-06-01/compute.json"), "CloudError");
    }

    public IEnumerable<SwaggerOperation> Operations => _operations.Values.SelectMany(list => list);

    public static StackSpecifications Load(string folder) => new(folder);

    /// <summary>The operation a request asks for, or <see langword="null"/> if none of the documents has it in that version.</summary>
    public SwaggerOperation? Find(string method, string path, string apiVersion) =>
        _operations.GetValueOrDefault((method, apiVersion))?.Find(operation => operation.Path.IsMatch(path));

    public IReadOnlyList<Violation> Validate(SwaggerOperation operation, ArmExchange exchange) =>
        Validate(operation, exchange.Status, exchange.Headers, exchange.Body);

    public IReadOnlyList<Violation> Validate(SwaggerOperation operation, int status, IReadOnlyDictionary<string, string> headers, JsonNode? body)
    {
        List<Violation> found = [];
        SwaggerValidator validator = new(operation.Id, found);
        string code = status.ToString(CultureInfo.InvariantCulture);
        if (operation.Responses.TryGetValue(code, out SwaggerResponse? response))
        {
            foreach ((string name, SwaggerSchema header) in response.Headers)
                if (headers.TryGetValue(name, out string? value))
                    validator.Validate(value, header, "", $"{operation.Id} {name}");
            if (response.Body is { } schema)
                ValidateBody(validator, found, operation, code, schema, body);
            else if (body is not null && status < 400)
                found.Add(new Violation(operation.Id, "body", $"{operation.Id} {code}", "", "the documented response has none."));
        }
        else if (status >= 400)
            // A head has no body to say more in; every error else is an envelope, whether the document says so or not.
            ValidateError(validator, found, operation, code, body);
        else
            found.Add(new Violation(operation.Id, "status", $"{operation.Id} {code}", "", $"documented are {string.Join(", ", operation.Responses.Keys)}."));
        return found;
    }

    private void ValidateError(SwaggerValidator validator, List<Violation> found, SwaggerOperation operation, string code, JsonNode? body)
    {
        if (operation.Method == "HEAD")
            return;
        SwaggerSchema schema = operation.Responses.TryGetValue("default", out SwaggerResponse? other) && other.Body is { } declared ? declared : _error;
        ValidateBody(validator, found, operation, code, schema, body);
    }

    private static void ValidateBody(SwaggerValidator validator, List<Violation> found, SwaggerOperation operation, string code, SwaggerSchema schema, JsonNode? body)
    {
        if (body is null)
            found.Add(new Violation(operation.Id, "body", $"{operation.Id} {code}", "", $"it is missing; documented is {schema}."));
        else
            validator.Validate(body, schema, "", $"{operation.Id} {code}");
    }
}
