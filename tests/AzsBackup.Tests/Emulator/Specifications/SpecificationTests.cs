using System.Globalization;
using System.Text.Json.Nodes;
using Xunit;

namespace AzsBackup.Tests.Emulator.Specifications;

/// <summary>The validator, judged by Microsoft's own examples and by answers that are wrong.</summary>
public sealed class SpecificationTests
{
    private const string Group = "/subscriptions/s/resourceGroups/g/providers/";

    /// <summary>Examples that contradict their own schema: null where an object is declared, text where an object is.</summary>
    private static readonly string[] FaultyExamples =
    [
        "GetVirtualMachineInstanceView.json: type AvailablePatchSummary.error",
        "GetVirtualMachineInstanceView.json: type LastPatchInstallationSummary.error",
        "PostDeploymentWhatIfOnSubscription.json: type WhatIfPropertyChange.after",
        "VirtualMachineAssessPatches.json: type VirtualMachineAssessPatchesResult.error",
        "VirtualNetworkGatewaySetVpnClientIpsecParameters.json: type VirtualNetworkGateways_SetVpnclientIpsecParameters 200",
    ];

    [Theory]
    [InlineData("GET", Group + "Microsoft.Compute/virtualMachines/v", "2020-06-01", "VirtualMachines_Get")]
    [InlineData("POST", "/SUBSCRIPTIONS/s/resourcegroups/g/PROVIDERS/microsoft.compute/disks/d/BeginGetAccess", "2019-07-01", "Disks_GrantAccess")]
    [InlineData("GET", "/subscriptions/s/providers/Microsoft.Network/networkInterfaces", "2018-11-01", "NetworkInterfaces_ListAll")]
    [InlineData("PUT", "/subscriptions/s/resourceGroups/g", "2019-10-01", "ResourceGroups_CreateOrUpdate")]
    [InlineData("PUT", Group + "Microsoft.Resources/deployments/d", "2019-10-01", "Deployments_CreateOrUpdate")]
    [InlineData("GET", Group + "Microsoft.Compute/disks/d", "2017-03-30", null)]
    [InlineData("GET", Group + "Microsoft.Compute/unknowns/d", "2019-07-01", null)]
    public void Find_Request_GivesItsOperation(string method, string path, string version, string? operation) =>
        Assert.Equal(operation, SpecificationWatch.RequireSpecifications().Find(method, path, version)?.Id);

    [Theory]
    [InlineData(200, """{"location":"l","id":"i","name":"d","type":"t","properties":{"creationData":{"createOption":"Empty"},"diskState":"Unattached"}}""", null)]
    [InlineData(200, """{"properties":{"creationData":{"createOption":"Empty"}}}""", "required Disk.location")]
    [InlineData(200, """{"location":"l","properties":{"creationData":{"createOption":"Empty","sourceUniqueID":"x"}}}""", "undeclared CreationData.sourceUniqueID")]
    [InlineData(200, """{"location":"l","properties":{"diskSizeGB":"32","creationData":{"createOption":"Empty"}}}""", "type DiskProperties.diskSizeGB")]
    [InlineData(200, """{"location":"l","properties":{"diskSizeGB":3000000000,"creationData":{"createOption":"Empty"}}}""", "format DiskProperties.diskSizeGB")]
    [InlineData(200, """{"location":"l","properties":{"osType":"Plan9","creationData":{"createOption":"Empty"}}}""", "enum DiskProperties.osType")]
    [InlineData(200, """{"location":"l","properties":{"timeCreated":"yesterday","creationData":{"createOption":"Empty"}}}""", "format DiskProperties.timeCreated")]
    [InlineData(200, null, "body Disks_Get 200")]
    [InlineData(204, null, "status Disks_Get 204")]
    [InlineData(404, """{"error":{"code":"c","message":"m"}}""", null)]
    [InlineData(404, """{"code":"c","message":"m"}""", "undeclared CloudError.code undeclared CloudError.message")]
    public void Validate_DiskAnswer_FindsExactlyWhatIsWrong(int status, string? body, string? expected)
    {
        StackSpecifications specifications = SpecificationWatch.RequireSpecifications();
        SwaggerOperation operation = specifications.Operations.Single(operation => operation.Id == "Disks_Get");
        IEnumerable<Violation> found = specifications.Validate(operation, status, new Dictionary<string, string>(), body is null ? null : JsonNode.Parse(body));
        Assert.Equal(expected ?? "", string.Join(' ', found.Select(violation => $"{violation.Rule} {violation.Place}")));
    }

    [Fact]
    public void Validate_SecretThatComesBack_IsAViolation()
    {
        StackSpecifications specifications = SpecificationWatch.RequireSpecifications();
        SwaggerOperation operation = specifications.Operations.Single(operation => operation.Id == "VirtualMachines_Get");
        JsonNode body = JsonNode.Parse("""{"location":"l","properties":{"osProfile":{"adminUsername":"u","adminPassword":"p"}},"resources":[{"location":"l","properties":{"protectedSettings":{}}}]}""")!;
        Assert.Equal(
            ["OSProfile.adminPassword", "VirtualMachineExtensionProperties.protectedSettings"],
            specifications.Validate(operation, 200, new Dictionary<string, string>(), body).Where(violation => violation.Rule == "secret").Select(violation => violation.Place).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Operations_EveryExample_ValidatesUnlessItIsListed()
    {
        StackSpecifications specifications = SpecificationWatch.RequireSpecifications();
        SortedSet<string> faulty = new(StringComparer.Ordinal);
        int examples = 0;
        foreach ((SwaggerOperation operation, string file) in specifications.Operations.SelectMany(operation => operation.Examples.Select(file => (operation, file))).Where(pair => File.Exists(pair.file)))
        {
            foreach ((string status, JsonNode? response) in JsonNode.Parse(File.ReadAllText(file))!["responses"]!.AsObject())
            {
                examples++;
                IReadOnlyList<Violation> found = specifications.Validate(operation, int.Parse(status, CultureInfo.InvariantCulture), new Dictionary<string, string>(), response?["body"]);
                if (found.Count > 0)
                    faulty.UnionWith(found.Select(violation => $"{Path.GetFileName(file)}: {violation.Rule} {violation.Place}"));
            }
        }

        Assert.True(examples > 250, $"Only {examples} examples were compared.");
        Assert.Equal(FaultyExamples, faulty);
    }
}
