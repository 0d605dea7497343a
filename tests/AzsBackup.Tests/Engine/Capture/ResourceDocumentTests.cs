using System.Text;
using System.Text.Json;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Configuration;
using AzsBackup.Engine.Stacks;
using Xunit;

namespace AzsBackup.Tests.Engine.Capture;

public sealed class ResourceDocumentTests
{
    private const string Nsg = "Microsoft.Network/networkSecurityGroups";

    [Theory]
    [InlineData("Microsoft.Compute/virtualMachines", """{"properties":{"osProfile":{"adminPassword":"CANARY","customData":"CANARY","windowsConfiguration":{"additionalUnattendContent":[{"passName":"x","content":"<p>CANARY</p>"}]}}}}""")]
    [InlineData("Microsoft.Compute/virtualMachines/extensions", """{"properties":{"protectedSettings":{"fileUris":["CANARY"],"more":{"deep":"CANARY"}}}}""")]
    [InlineData("Microsoft.Compute/virtualMachines/extensions", """{"properties":{"settings":{"storageAccountKey":"CANARY","workspaceKey":"CANARY","adminPassword":"CANARY"}}}""")]
    [InlineData("Microsoft.Compute/virtualMachines/extensions", """{"properties":{"settings":{"commandToExecute":"setup.sh --password CANARY --user me"}}}""")]
    [InlineData("Microsoft.Compute/virtualMachines/extensions", """{"properties":{"settings":{"commandToExecute":"powershell -File a.ps1 -StorageAccountKey 'CANARY with spaces'"}}}""")]
    [InlineData("Microsoft.Compute/virtualMachines/extensions", """{"properties":{"settings":{"json":"{\"password\":\"CANARY\",\"a\":1}"}}}""")]
    [InlineData("Microsoft.Compute/virtualMachines/extensions", """{"properties":{"settings":{"fileUris":["https://a.blob/b?sv=2019-07-07&sig=CANARY%3D&se=2030","https://u:CANARY@host/x"]}}}""")]
    [InlineData("Microsoft.Compute/disks", """{"properties":{"creationData":{"sourceUri":"https://a/b?se=1&sig=CANARY"}}}""")]
    [InlineData("Microsoft.Compute/disks", """{"properties":{"creationData":{"sourceUri":"https://a/b%3Fse%3D1%26sig%3DCANARY"}}}""")]
    [InlineData("Microsoft.Network/connections", """{"properties":{"sharedKey":"CANARY","authorizationKey":"CANARY"}}""")]
    [InlineData("Microsoft.Network/virtualNetworkGateways", """{"properties":{"vpnClientConfiguration":{"radiusServerSecret":"CANARY"}}}""")]
    [InlineData("Microsoft.KeyVault/vaults/secrets", """{"properties":{"value":"CANARY"}}""")]
    [InlineData("Microsoft.Web/sites", """{"properties":{"siteConfig":{"appSettings":[{"name":"plain","value":"CANARY"}],"connectionStrings":[{"name":"db","connectionString":"CANARY","type":"SQLAzure"}]}}}""")]
    [InlineData("Contoso.Strange/things", """{"properties":{"appSettings":{"name":"CANARY","nested":{"a":["CANARY",7]}},"dbConnectionString":"CANARY","API_KEY":"x","apiKey":"CANARY","clientSecret":"CANARY"}}""")]
    [InlineData("Contoso.Strange/things", """{"properties":{"text":"Server=a;Password=CANARY with, commas;Encrypt=true"}}""")]
    [InlineData("Contoso.Strange/things", """{"properties":{"text":"DefaultEndpointsProtocol=https;AccountKey=CANARY==;EndpointSuffix=x"}}""")]
    [InlineData("Contoso.Strange/things", """{"properties":{"text":"Endpoint=sb://x/;SharedAccessKeyName=k;SharedAccessKey=CANARY="}}""")]
    [InlineData("Contoso.Strange/things", """{"properties":{"text":"-----BEGIN RSA PRIVATE KEY-----\nCANARY\n-----END RSA PRIVATE KEY-----"}}""")]
    [InlineData("Contoso.Strange/things", """{"tags":{"dbPassword":"CANARY"}}""")]
    public void Write_Secrets_NeverAppear(string type, string body)
    {
        var written = Write(type, body);

        Assert.DoesNotContain("CANARY", written, StringComparison.Ordinal);
        Assert.Contains(SecretRedaction.Mark, written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"password":{"sourceVault":{"id":"/x/vaults/kv"},"secretUrl":"https://kv/secrets/a"}}""", "secrets/a")]
    [InlineData("""{"permissions":{"secrets":["get","list"],"keys":["wrap"]}}""", "list")]
    [InlineData("""{"linuxConfiguration":{"disablePasswordAuthentication":true,"ssh":{"publicKeys":[{"keyData":"ssh-ed25519 AAAA"}]}}}""", "ssh-ed25519 AAAA")]
    [InlineData("""{"siteConfig":{"appSettings":[{"name":"WEBSITE_NODE","value":"1"}]}}""", "WEBSITE_NODE")]
    [InlineData("""{"description":"Change the password every month."}""", "every month")]
    [InlineData("""{"adminPassword":"","enableBgp":false}""", "\"adminPassword\": \"\"")]
    public void Write_WhatIsNoSecret_IsKept(string properties, string kept) =>
        Assert.Contains(kept, Write("Microsoft.Web/sites", $$"""{"properties":{{properties}}}"""), StringComparison.Ordinal);

    [Fact]
    public void Write_WhatChangesByItself_IsLeftOut()
    {
        var written = Write(Nsg, """{"etag":"1","tags":{"etag":"mine"},"properties":{"provisioningState":"Updating","securityRules":[{"name":"a","etag":"2","properties":{"provisioningState":"x"}}]}}""");

        Assert.Equal("{\n  \"properties\": {\n    \"securityRules\": [\n      {\n        \"name\": \"a\",\n        \"properties\": {}\n      }\n    ]\n  },\n  \"tags\": {\n    \"etag\": \"mine\"\n  }\n}\n", written);
    }

    [Fact]
    public void Write_ArraysWithoutOrder_AreSortedAndOthersKept()
    {
        var rules = Write(Nsg, """{"properties":{"securityRules":[{"name":"z","properties":{"direction":"Inbound","priority":1000}},{"name":"a","properties":{"direction":"Inbound","priority":200}}]}}""");
        var servers = Write("Microsoft.Network/virtualNetworks", """{"properties":{"dhcpOptions":{"dnsServers":["10.0.0.9","10.0.0.1"]}}}""");

        Assert.True(rules.IndexOf("\"a\"", StringComparison.Ordinal) < rules.IndexOf("\"z\"", StringComparison.Ordinal));
        Assert.True(servers.IndexOf("10.0.0.9", StringComparison.Ordinal) < servers.IndexOf("10.0.0.1", StringComparison.Ordinal));
    }

    [Fact]
    public void Write_WholeBodiesInBackReferences_AreReducedToTheirIds()
    {
        var written = Write("Microsoft.Compute/virtualMachines", """{"resources":[{"id":"/x/y","properties":{"protectedSettings":{"a":"CANARY"}}}]}""");

        Assert.Equal("{\n  \"resources\": [\n    {\n      \"id\": \"/x/y\"\n    }\n  ]\n}\n", written);
    }

    [Theory]
    [InlineData("/SUBSCRIPTIONS/S1/RESOURCEGROUPS/App/PROVIDERS/microsoft.network/VIRTUALNETWORKS/NET/SUBNETS/a", "/subscriptions/s1/resourceGroups/app/providers/Microsoft.Network/virtualNetworks/Net/subnets/a")]
    [InlineData("/subscriptions/S1/resourceGroups/App/providers/Microsoft.Compute/virtualMachines/vm/providers/microsoft.authorization/LOCKS/keep", "/subscriptions/s1/resourceGroups/app/providers/Microsoft.Compute/virtualMachines/vm/providers/Microsoft.Authorization/locks/keep")]
    [InlineData("/subscriptions/s1/resourceGroups/app/providers/Contoso.Strange/Things/x", "/subscriptions/s1/resourceGroups/app/providers/Contoso.Strange/Things/x")]
    [InlineData("/Subscriptions/S1", "/subscriptions/s1")]
    [InlineData("/subscriptions/S1/nonsense", "/subscriptions/S1/nonsense")]
    public void Spell_Ids_HaveOneSpelling(string id, string expected)
    {
        var spelling = new IdSpelling(ResourceTypeTable.Default);
        spelling.Learn(ResourceId.Create("s1", "app", "Microsoft.Network/virtualNetworks", "net"), "Net");

        Assert.Equal(expected, spelling.Spell(id));
    }

    private static string Write(string type, string json)
    {
        using var document = JsonDocument.Parse(json);
        var parts = type.Split('/');
        var id = ResourceId.Parse($"/subscriptions/s1/resourceGroups/app/providers/{parts[0]}" + string.Concat(parts[1..].Select(part => $"/{part}/n")));
        return Encoding.UTF8.GetString(new ResourceDocument(ResourceTypeTable.Default, new IdSpelling(ResourceTypeTable.Default))
            .Write(new ResourceBody(id, document.RootElement, "1", null)));
    }
}
