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

    private static string Write(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Encoding.UTF8.GetString(CanonicalJson.Write(CanonicalJson.Sort(document.RootElement)));
    }
}
