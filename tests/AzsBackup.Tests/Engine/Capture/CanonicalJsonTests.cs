using System.Text;
using System.Text.Json;
using AzsBackup.Engine.Capture;
using Xunit;

namespace AzsBackup.Tests.Engine.Capture;

public sealed class CanonicalJsonTests
{
    [Fact]
    public void Write_PropertiesInAnyOrder_GivesTheSameBytes() =>
        Assert.Equal(Write("""{"b":{"y":1,"x":2},"a":[3,1,2]}"""), Write("""{ "a": [3,1,2], "b": {"x":2, "y":1} }"""));

    [Fact]
    public void Write_NumbersTextsAndArrayOrder_AreKept()
    {
        var written = Write("""{"a":[3,1.50,1e3,"é<>\n",null,true,""]}""");

        Assert.Equal("{\n  \"a\": [\n    3,\n    1.50,\n    1e3,\n    \"é<>\\n\",\n    null,\n    true,\n    \"\"\n  ]\n}\n", written);
    }

    [Fact]
    public void Write_Etag_IsLeftOut() =>
        Assert.DoesNotContain("etag", Write("""{"etag":"W/1","properties":{"subnets":[{"etag":"W/2","name":"a"}]}}"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"properties":{"osProfile":{"adminPassword":"CANARY","customData":"CANARY"}}}""")]
    [InlineData("""{"properties":{"protectedSettings":{"fileUris":["CANARY"]}}}""")]
    [InlineData("""{"properties":{"sharedKey":"CANARY","radiusServerSecret":"CANARY","authorizationKey":"CANARY"}}""")]
    [InlineData("""{"properties":{"settings":{"uri":"https://a/b?sv=2019-07-07&sig=CANARY%3D&se=2030"}}}""")]
    [InlineData("""{"properties":{"settings":{"cs":"DefaultEndpointsProtocol=https;AccountKey=CANARY==;EndpointSuffix=x"}}}""")]
    [InlineData("""{"properties":{"siteConfig":{"appSettings":[{"name":"plain","value":"CANARY"}],"connectionStrings":[{"name":"db","connectionString":"CANARY"}]}}}""")]
    public void Write_Secrets_NeverAppear(string body)
    {
        var written = Write(body);

        Assert.DoesNotContain("CANARY", written, StringComparison.Ordinal);
        Assert.Contains(SecretRedaction.Mark, written, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ReferenceToAVaultSecret_IsKept() =>
        Assert.Contains("vaults/kv", Write("""{"password":{"sourceVault":{"id":"/x/vaults/kv"},"secretUrl":"https://kv/secrets/a"}}"""), StringComparison.Ordinal);

    private static string Write(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Encoding.UTF8.GetString(CanonicalJson.Write(document.RootElement));
    }
}
