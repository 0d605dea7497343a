using System.Management.Automation;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

[Collection("Connections")]
public sealed class RestoreAzsVmBackupTests(SampleStack sample) : IClassFixture<SampleStack>, IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Pipeline_RestoresEveryPointOfAVault()
    {
        using var host = ConnectWithPoints("'app-web-1', 'app-web-2'");
        var output = host.Invoke("""
            $again = Get-AzsBackupVault $folder/vault -Password $password
            Get-AzsVmBackup -Vault $again | Restore-AzsVmBackup -Path $folder/out | ForEach-Object { $_.VmName; $_.Disks.File }
            """).Succeeded();
        string[] expected = ["app-web-1", _scratch.File("out/app-web-1-os.vhd"), _scratch.File("out/app-web-1-lun0.vhd"), "app-web-2", _scratch.File("out/app-web-2-os.vhd"), _scratch.File("out/app-web-2-lun0.vhd")];
        Assert.Equal(expected, output);
        await sample.AssertRestoredAsync(_scratch.File("out"), "app-web-1", "app-web-2");
        Assert.Equal(4, Directory.GetFileSystemEntries(_scratch.File("out")).Length);
    }

    [Fact]
    public async Task ExistingFile_IsKeptUnlessForced()
    {
        using var host = ConnectWithPoints("'app-web-1', 'app-web-2'");
        _scratch.Write("out/app-web-1-lun0.vhd", "precious"u8);
        var result = host.Invoke("$points | Restore-AzsVmBackup -Path $folder/out | ForEach-Object VmName");
        Assert.Equal(["app-web-2"], result.Output);
        var error = result.Failed("RestoredFileExists");
        Assert.Equal(ErrorCategory.ResourceExists, error.CategoryInfo.Category);
        Assert.Contains("-Force", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(_scratch.File("out/app-web-1-lun0.vhd"), TestContext.Current.CancellationToken));
        Assert.False(File.Exists(_scratch.File("out/app-web-1-os.vhd")));

        host.Invoke("$points | Restore-AzsVmBackup -Path $folder/out -Force").Succeeded();
        await sample.AssertRestoredAsync(_scratch.File("out"), "app-web-1", "app-web-2");
    }

    [Theory]
    [InlineData("-Path $folder/file", "RestorePathIsFile", ErrorCategory.InvalidArgument, "-Path")]
    [InlineData("-Path $folder/file/below", "RestorePathNotWritable", ErrorCategory.DeviceError, "file")]
    [InlineData("-Path $folder/out -IncludeDisk 3", "DiskNotInVm", ErrorCategory.InvalidArgument, "LUN")]
    public void BadInput_IsOneClearErrorAndNothingIsWritten(string arguments, string errorId, ErrorCategory category, string says)
    {
        using var host = ConnectWithPoints("'db-1'");
        _scratch.Write("file", "a file"u8);
        var before = FolderState.Of(_scratch.Path);
        var result = host.Invoke($"$points | Restore-AzsVmBackup {arguments}");
        Assert.Empty(result.Output);
        var error = result.Failed(errorId);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Contains(says, error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Equal(before, FolderState.Of(_scratch.Path));
    }

    [Theory]
    [InlineData(true, "ChunkMissing")]
    [InlineData(false, "ChunkDamaged")]
    public void DamagedVault_IsOneClearErrorAndNothingIsWritten(bool missing, string errorId)
    {
        using var host = ConnectWithPoints("'app-web-1'");
        foreach (var chunk in Directory.GetFiles(_scratch.File("vault/chunks"), "*", SearchOption.AllDirectories))
        {
            if (missing) File.Delete(chunk);
            else File.WriteAllBytes(chunk, [.. File.ReadAllBytes(chunk).Reverse()]);
        }

        var error = host.Invoke("$points | Restore-AzsVmBackup -Path $folder/out").Failed(errorId);
        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.Empty(Directory.GetFileSystemEntries(_scratch.File("out")));
    }

    private ModuleHost ConnectWithPoints(string names)
    {
        var host = sample.Connect().Set("folder", _scratch.Path);
        host.Invoke($$"""
            $vault = New-AzsBackupVault $folder/vault -Password $password
            $points = {{names}} | ForEach-Object { [pscustomobject]@{ ResourceGroupName = 'contoso-app'; Name = $_ } } | Start-AzsVmBackup -Vault $vault
            """).Succeeded();
        return host;
    }
}
