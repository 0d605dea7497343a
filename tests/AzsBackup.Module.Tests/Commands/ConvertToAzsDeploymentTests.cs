using System.Management.Automation;
using System.Text.Json;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

[Collection("Connections")]
public sealed class ConvertToAzsDeploymentTests(SampleStack sample) : IClassFixture<SampleStack>, IDisposable
{
    private static readonly string[] Canaries = ["canary-admin-password-51d8", "canary-extension-key-77aa02", "canary-vpn-shared-key-9f27c1"];

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Capture_BecomesTemplatesInOrderWithoutSecrets()
    {
        using var host = Export();
        var files = host.Invoke("ConvertTo-AzsDeployment $folder/capture $folder/out").Succeeded().Select(file => PSObject.AsPSObject(file!)).ToList();
        Assert.Equal(Enumerable.Range(1, files.Count), files.Select(file => (int)file.Properties["Number"].Value));
        Assert.Equal(["subscription", "contoso-network", "contoso-app"], files.Take(3).Select(file => (string?)file.Properties["ResourceGroupName"].Value ?? "subscription"));
        Assert.Contains("virtualMachines_db_1_adminPassword", (IReadOnlyList<string>)files[2].Properties["SecretsNeeded"].Value);
        foreach (var file in files)
        {
            using var template = JsonDocument.Parse(File.ReadAllBytes((string)file.Properties["File"].Value));
            Assert.Equal((int)file.Properties["ResourceCount"].Value, template.RootElement.GetProperty("resources").GetArrayLength());
        }

        Assert.All(Canaries, canary => Assert.Empty(FolderState.FilesWith(_scratch.Path, canary)));
    }

    [Fact]
    public void SecondRun_ReplacesTheFirstAndGivesTheSameBytesAgain()
    {
        using var host = Export();
        host.Invoke("$null = ConvertTo-AzsDeployment $folder/capture $folder/one").Succeeded();
        host.Invoke("$null = ConvertTo-AzsDeployment $folder/capture $folder/two -As Bicep -VmMode Attach").Succeeded();
        Assert.Contains(Directory.GetFiles(_scratch.File("two")), file => file.EndsWith(".bicep", StringComparison.Ordinal));
        host.Invoke("$null = ConvertTo-AzsDeployment $folder/capture $folder/two").Succeeded();
        Assert.Equal(FolderState.Of(_scratch.File("one")), FolderState.Of(_scratch.File("two")));
    }

    [Fact]
    public void WhatIf_WritesNothing()
    {
        using var host = Export();
        var before = FolderState.Of(_scratch.Path);
        Assert.Empty(host.Invoke("ConvertTo-AzsDeployment $folder/capture $folder/out -WhatIf").Succeeded());
        Assert.Equal(before, FolderState.Of(_scratch.Path));
    }

    [Theory]
    [InlineData("$folder/nothing $folder/out", "CaptureNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("$folder/capture $folder/capture", "DeploymentPathNotEmpty", ErrorCategory.InvalidArgument)]
    public void BadInput_IsOneClearError(string arguments, string errorId, ErrorCategory category)
    {
        using var host = Export();
        var result = host.Invoke($"ConvertTo-AzsDeployment {arguments}");
        Assert.Empty(result.Output);
        Assert.Equal(category, result.Failed(errorId).CategoryInfo.Category);
    }

    private ModuleHost Export()
    {
        var host = sample.Connect().Set("folder", _scratch.Path);
        host.Invoke("$null = Export-AzsResourceConfig $folder/capture").Succeeded();
        return host;
    }
}
