using AzsBackup.Emulator.Hosting;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Insights;

public sealed class DiagnosticSettingTests
{
    private const string Version = "2017-05-01-preview";
    private const string Setting = """{"properties":{"storageAccountId":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a","logs":[{"category":"AuditEvent","enabled":true}]}}""";

    [Fact]
    public async Task Setting_OnAVault_IsListedThereAndNowhereElse()
    {
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { Estate = "sample" });
        string vault = host.Id("contoso-app", "Microsoft.KeyVault/vaults", "contoso-app-kv");
        string group = host.Id("contoso-network", "Microsoft.Network/networkSecurityGroups", "web-nsg");
        await host.DoAsync(HttpMethod.Put, vault + "/providers/Microsoft.Insights/diagnosticSettings/audit", Version, Setting);

        Assert.Equal(["audit"], await NamesAsync(host, vault));
        Assert.Empty(await NamesAsync(host, group));

        await host.DoAsync(HttpMethod.Delete, vault + "/providers/Microsoft.Insights/diagnosticSettings/audit", Version);
        Assert.Empty(await NamesAsync(host, vault));
    }

    [Fact]
    public async Task Setting_WhereThereIsNothingToSendOrNowhereToSendItTo_IsRefused()
    {
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { Estate = "sample" });
        string disk = host.Id("contoso-app", "Microsoft.Compute/disks", "app-web-1-os") + "/providers/Microsoft.Insights/diagnosticSettings";
        string vault = host.Id("contoso-app", "Microsoft.KeyVault/vaults", "contoso-app-kv") + "/providers/Microsoft.Insights/diagnosticSettings";

        await host.AssertRefusedAsync(400, "ResourceTypeNotSupported", HttpMethod.Get, disk, Version);
        await host.AssertRefusedAsync(400, "ResourceTypeNotSupported", HttpMethod.Put, disk + "/audit", Version, Setting);
        await host.AssertRefusedAsync(400, "BadRequest", HttpMethod.Put, vault + "/audit", Version, """{"properties":{"logs":[]}}""");
    }

    private static async Task<IEnumerable<string>> NamesAsync(StackHost host, string owner) =>
        (await host.GetAsync(owner + "/providers/Microsoft.Insights/diagnosticSettings", Version))["value"]!.AsArray().Select(item => item!["name"]!.GetValue<string>());
}
