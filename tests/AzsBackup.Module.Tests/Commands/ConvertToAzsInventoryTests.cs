using System.Management.Automation;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

[Collection("Connections")]
public sealed class ConvertToAzsInventoryTests(SampleStack sample) : IClassFixture<SampleStack>, IDisposable
{
    private static readonly string[] Canaries = ["canary-admin-password-51d8", "canary-extension-key-77aa02", "canary-vpn-shared-key-9f27c1"];

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Capture_BecomesAPageAndTables()
    {
        using var host = Export();
        var files = host.Invoke("ConvertTo-AzsInventory $folder/capture $folder/out/inventory.html -CsvPath $folder/tables -Culture en-US").Succeeded()
            .Select(file => ((FileInfo)PSObject.AsPSObject(file!).BaseObject).FullName).ToList();
        Assert.Equal(_scratch.File("out/inventory.html"), files[0]);
        Assert.All(files, file => Assert.True(File.Exists(file), file));
        var page = File.ReadAllText(files[0]);
        Assert.All(SampleStack.VmNames, vm => Assert.Contains(vm, page, StringComparison.Ordinal));
        Assert.Contains("contoso-vnet", page, StringComparison.Ordinal);
        Assert.Contains("No vault and no replica was looked at", page, StringComparison.Ordinal);
        Assert.Contains(_scratch.File("tables/microsoft.compute_virtualmachines.csv"), files);
        Assert.All(Canaries, canary => Assert.Empty(FolderState.FilesWith(_scratch.Path, canary)));
    }

    [Fact]
    public void VaultWithAPointOfOneVm_LeavesTheOthersUnprotected()
    {
        using var host = Export();
        host.Invoke("""
            $vault = New-AzsBackupVault $folder/vault -Password $password
            $null = Start-AzsVmBackup -Vault $vault -ResourceGroupName contoso-app -Name app-web-1
            $null = ConvertTo-AzsInventory $folder/capture $folder/page.html -Vault $vault -CsvPath $folder/tables -Culture en-US
            """).Succeeded();
        var rows = File.ReadAllLines(_scratch.File("tables/protection.csv")).Skip(1).Select(line => line.Split(',')).ToDictionary(cells => cells[0], cells => cells[2]);
        Assert.Equal("protected", rows["app-web-1"]);
        Assert.Equal("nothing", rows["app-web-2"]);
        Assert.Equal("nothing", rows["db-1"]);
    }

    [Fact]
    public void WhatIf_WritesNothing()
    {
        using var host = Export();
        var before = FolderState.Of(_scratch.Path);
        Assert.Empty(host.Invoke("ConvertTo-AzsInventory $folder/capture $folder/page.html -CsvPath $folder/tables -WhatIf").Succeeded());
        Assert.Equal(before, FolderState.Of(_scratch.Path));
    }

    [Theory]
    [InlineData("$folder/nothing $folder/page.html", "CaptureNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("$folder/capture $folder/capture/manifest.json/page.html", "FileNotWritable", ErrorCategory.DeviceError)]
    public void BadInput_IsOneClearError(string arguments, string errorId, ErrorCategory category)
    {
        using var host = Export();
        var result = host.Invoke($"ConvertTo-AzsInventory {arguments}");
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
