using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using Xunit;

namespace AzsBackup.Tests.Emulator.Arm;

public sealed class LenientJsonTests
{
    [Theory]
    [InlineData("""{"properties": {"mode": "Incremental", template:{"a":1}}}""", """{"properties": {"mode": "Incremental", "template":{"a":1}}}""")]
    [InlineData("""{ $schema : "x", _b1:true}""", """{ "$schema" : "x", "_b1":true}""")]
    [InlineData("""{"a":"b: c, d:\"e:\"", "f":[true,null,1e5]}""", """{"a":"b: c, d:\"e:\"", "f":[true,null,1e5]}""")]
    public void Quote_BareNames_GetQuotationMarks(string text, string expected)
    {
        Assert.Equal(expected, LenientJson.Quote(text));
        Assert.NotNull(JsonNode.Parse(LenientJson.Quote(text)));
    }
}
