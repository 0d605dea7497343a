using System.Management.Automation;
using System.Text.Json.Nodes;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

[Collection("Connections")]
public sealed class CompareAzsResourceConfigTests(SampleStack sample) : IClassFixture<SampleStack>, IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void UnchangedStack_HasNoDifference()
    {
        using var host = Export();
        Assert.Empty(host.Invoke("Compare-AzsResourceConfig $folder/capture").Succeeded());
        Assert.Empty(host.Invoke("Compare-AzsResourceConfig $folder/capture $folder/capture").Succeeded());
    }

    [Fact]
    public void OnePropertyOfASubnetChanged_IsOneDifferenceWithItsName()
    {
        using var host = Export();
        var file = Directory.GetFiles(_scratch.File("capture/raw"), "contoso-vnet.json", SearchOption.AllDirectories).Single(path => !path.Contains("lock", StringComparison.Ordinal));
        var body = JsonNode.Parse(File.ReadAllBytes(file))!;
        var subnet = body["properties"]!["subnets"]!.AsArray().Single(item => (string?)item!["name"] == "web")!;
        var now = (string)subnet["properties"]!["addressPrefix"]!;
        subnet["properties"]!["addressPrefix"] = "10.20.9.0/24";
        File.WriteAllText(file, body.ToJsonString());

        var found = Assert.IsType<PSObject>(Assert.Single(host.Invoke("Compare-AzsResourceConfig $folder/capture | Select-Change").Succeeded()));
        Assert.Equal("Changed", found.Properties["Change"].Value);
        Assert.Equal("properties.subnets[name=web].properties.addressPrefix", found.Properties["Path"].Value);
        Assert.Equal("10.20.9.0/24", found.Properties["Old"].Value);
        Assert.Equal(now, found.Properties["New"].Value);
        foreach (var excluded in new[] { "addressPrefix", "properties.subnets.*", "properties.subnets[name=web].properties.addressPrefix" })
            Assert.Empty(host.Set("excluded", excluded).Invoke("Compare-AzsResourceConfig $folder/capture -ExcludeProperty $excluded").Succeeded());
    }

    [Fact]
    public void OneGroupOfTheStack_IsComparedWithThatGroupOfTheCapture()
    {
        using var host = Export();
        var result = host.Invoke("Compare-AzsResourceConfig $folder/capture -ResourceGroupName contoso-network -IncludeEqual");
        var found = result.Succeeded();
        Assert.NotEmpty(found);
        Assert.All(found, one => Assert.Equal("Equal", PSObject.AsPSObject(one!).Properties["Change"].Value.ToString()));
        Assert.All(found, one => Assert.Equal("contoso-network", (string)PSObject.AsPSObject(one!).Properties["ResourceGroupName"].Value, ignoreCase: true));
    }

    [Fact]
    public void HtmlPath_IsAPageOfTheDifferences()
    {
        using var host = Export();
        host.Invoke("Compare-AzsResourceConfig $folder/capture -HtmlPath $folder/pages/changes.html -Culture ja-JP").Succeeded();
        var page = File.ReadAllText(_scratch.File("pages/changes.html"));
        Assert.Contains("<html lang=\"ja\">", page, StringComparison.Ordinal);
        Assert.Contains("差分はありません。", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$folder/nothing", "CaptureNotFound", ErrorCategory.ObjectNotFound, "Export-AzsResourceConfig")]
    [InlineData("$folder/capture $folder", "CaptureNotFound", ErrorCategory.ObjectNotFound, "Export-AzsResourceConfig")]
    public void BadInput_IsOneClearError(string arguments, string errorId, ErrorCategory category, string says)
    {
        using var host = Export();
        var result = host.Invoke($"Compare-AzsResourceConfig {arguments}");
        Assert.Empty(result.Output);
        var error = result.Failed(errorId);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Contains(says, error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    private ModuleHost Export()
    {
        var host = sample.Connect().Set("folder", _scratch.Path);
        host.Invoke("""
            $null = Export-AzsResourceConfig $folder/capture
            function global:Select-Change { process { [pscustomobject]@{ Change = "$($_.Change)"; Path = $_.Path; Old = $_.ReferenceValue; New = $_.DifferenceValue } } }
            """).Succeeded();
        return host;
    }
}
