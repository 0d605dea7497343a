using System.Text.Json.Nodes;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using Xunit;

namespace AzsBackup.Tests.Engine.Capture;

/// <summary>Captures of an emulated stack through the real client.</summary>
public sealed class ConfigCaptureTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sample")]
    [InlineData("generated:300")]
    public async Task Run_OtherParallelismCasingAndOrder_GivesTheSameBytes(string estate)
    {
        await using var rig = await CaptureRig.StartAsync(estate, pageSize: 7);
        await rig.CaptureAsync("plain", throttle: 1);
        for (var seed = 1; seed <= 3; seed++)
        {
            rig.Resources = new VariedResources(rig.Stack.Resources, seed);
            await rig.CaptureAsync($"varied{seed}", throttle: 16);
            AssertSame(rig.Files("plain"), rig.Files($"varied{seed}"));
        }
    }

    [Fact]
    public async Task Run_OnePropertyChanged_GivesADifferenceOfOnePath()
    {
        await using var rig = await CaptureRig.StartAsync();
        await rig.CaptureAsync("before");
        var id = ResourceId.Create(rig.Emulated.SubscriptionId, "contoso-network", "Microsoft.Network/networkSecurityGroups", "web-nsg");
        var body = JsonNode.Parse((await rig.Stack.Resources.GetAsync(id, Ct)).Json.GetRawText())!.AsObject();
        body["properties"]!["securityRules"]![0]!["properties"]!["destinationPortRange"] = "8443";
        await rig.Stack.Resources.PutAsync(id, body, Ct);

        await rig.CaptureAsync("after");

        var (before, after) = (rig.Files("before"), rig.Files("after"));
        Assert.Equal(before.Keys.Order(StringComparer.Ordinal), after.Keys.Order(StringComparer.Ordinal));
        var changed = Assert.Single(before.Keys, file => before[file] != after[file]);
        Assert.EndsWith("/web-nsg.json", changed, StringComparison.Ordinal);
        var lines = before[changed].Split('\n').Zip(after[changed].Split('\n')).Where(pair => pair.First != pair.Second);
        Assert.Contains("destinationPortRange", Assert.Single(lines).First, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SubscriptionAndGroups_HoldTheSameOfAGroup()
    {
        await using var rig = await CaptureRig.StartAsync();
        await rig.CaptureAsync("all");
        await rig.CaptureAsync("group", 4, ResourceId.CreateGroup(rig.Emulated.SubscriptionId, "CONTOSO-NETWORK"));

        var whole = rig.Files("all");
        var part = rig.Files("group");

        Assert.NotEmpty(part);
        Assert.All(part, file => Assert.Equal(whole[file.Key], file.Value));
        Assert.Equal(whole.Keys.Count(file => file.Contains("/contoso-network/", StringComparison.Ordinal)), part.Count);
    }

    [Fact]
    public async Task Run_ChildrenAndExtensions_AreCapturedWithTheirOwnStatus()
    {
        await using var rig = await CaptureRig.StartAsync();
        var group = $"/subscriptions/{rig.Emulated.SubscriptionId}/resourceGroups/contoso-app";
        var zone = $"{group}/providers/Microsoft.Network/dnsZones/contoso.test";
        var vault = $"{group}/providers/Microsoft.KeyVault/vaults/contoso-app-kv";
        var account = $"{group}/providers/Microsoft.Storage/storageAccounts/contosoappdata";
        await PutAsync(rig, zone, """{"location":"global"}""");
        await PutAsync(rig, zone + "/MX/mail", """{"properties":{"TTL":60,"MXRecords":[{"preference":10,"exchange":"b.test"},{"preference":5,"exchange":"a.test"}]}}""");
        await PutAsync(rig, vault + "/providers/Microsoft.Insights/diagnosticSettings/audit", $$$$"""{"properties":{"storageAccountId":"{{{{account}}}}","logs":[{"category":"AuditEvent","enabled":true}]}}""");
        await PutAsync(rig, $"/subscriptions/{rig.Emulated.SubscriptionId}/providers/Microsoft.Authorization/roleDefinitions/00000000-0000-0000-0000-0000000000aa", $$$$"""{"properties":{"roleName":"Disk reader","permissions":[{"actions":["Microsoft.Compute/disks/read"]}],"assignableScopes":["/subscriptions/{{{{rig.Emulated.SubscriptionId}}}}"]}}""");
        await PutAsync(rig, $"/subscriptions/{rig.Emulated.SubscriptionId}/providers/Microsoft.Authorization/policyDefinitions/tagged", """{"properties":{"policyType":"Custom","displayName":"etag","policyRule":{"if":{"field":"tags.etag","exists":"false"},"then":{"effect":"deny"}}}}""");
        await PutAsync(rig, $"{group}/providers/Microsoft.Authorization/policyAssignments/tagged", $$$$"""{"properties":{"policyDefinitionId":"/subscriptions/{{{{rig.Emulated.SubscriptionId}}}}/providers/Microsoft.Authorization/policyDefinitions/tagged"}}""");

        var results = await rig.CaptureAsync("all");

        Assert.All(results, result => Assert.Equal(AzsCaptureStatus.Captured, result.Status));
        Assert.Equal(results.Count, results.Select(result => result.ResourceId.ToUpperInvariant()).Distinct().Count());
        var types = results.Select(result => result.Type).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.Superset(new HashSet<string>(StringComparer.OrdinalIgnoreCase)
        {
            "Microsoft.Compute/virtualMachines/extensions", "Microsoft.Network/dnsZones/MX", "Microsoft.Network/dnsZones/SOA", "Microsoft.Insights/diagnosticSettings",
            "Microsoft.Authorization/roleDefinitions", "Microsoft.Authorization/roleAssignments", "Microsoft.Authorization/locks",
            "Microsoft.Authorization/policyDefinitions", "Microsoft.Authorization/policyAssignments", "Microsoft.Resources/resourceGroups",
        }, types);
        Assert.Single(results, result => result.Type.EndsWith("/roleDefinitions", StringComparison.Ordinal));
        var files = rig.Files("all");
        Assert.Contains("tags.etag", files.Single(file => file.Key.EndsWith("policydefinitions/tagged.json", StringComparison.Ordinal)).Value, StringComparison.Ordinal);
        var mail = files.Single(file => file.Key.EndsWith("/mx/mail.json", StringComparison.Ordinal) || file.Key.Contains("dnszones_mx/contoso.test/mail.json", StringComparison.Ordinal)).Value;
        Assert.True(mail.IndexOf("a.test", StringComparison.Ordinal) < mail.IndexOf("b.test", StringComparison.Ordinal));
        var network = files.Single(file => file.Key.EndsWith("/contoso-vnet.json", StringComparison.Ordinal)).Value;
        Assert.Contains("\"subnets\"", network, StringComparison.Ordinal);
        Assert.DoesNotContain("provisioningState", string.Concat(files.Values), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ManyResources_NeedsFarFewerRequestsThanOneEach()
    {
        await using var rig = await CaptureRig.StartAsync("generated:400");
        var seen = new VariedResources(rig.Stack.Resources, 1);
        rig.Resources = seen;

        var results = await rig.CaptureAsync("all");

        Assert.True(results.Count >= 400);
        Assert.Equal(results.Count, results.Select(result => result.File).Distinct().Count());
        Assert.True(seen.Requests < results.Count, $"{seen.Requests} requests for {results.Count} resources.");
    }

    private static Task<ResourceBody> PutAsync(CaptureRig rig, string id, string body) =>
        rig.Stack.Resources.PutAsync(ResourceId.Parse(id), JsonNode.Parse(body)!.AsObject(), Ct);

    private static void AssertSame(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other)
    {
        Assert.Equal(one.Keys.Order(StringComparer.Ordinal), other.Keys.Order(StringComparer.Ordinal));
        foreach (var (file, content) in one) Assert.Equal(content, other[file]);
    }
}
