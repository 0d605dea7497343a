using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Loading;

public sealed class ImportTests
{
    [Fact]
    public void Import_FromAnotherFolder_ExportsItsCommands()
    {
        using var host = ModuleHost.Bare();
        var names = host.Invoke($"""
            $null = $ExecutionContext.SessionState.Path.SetLocation('{Path.GetTempPath()}')
            Import-Module '{BuiltModule.Manifest}' -ErrorAction Stop
            (Get-Module AzsBackup).ExportedCommands.Keys
            """).Succeeded();
        Assert.Contains("Connect-AzsStack", names);
    }

    [Fact]
    public void Import_ByRelativePath_Works()
    {
        using var host = ModuleHost.Bare();
        host.Invoke($"""
            $null = $ExecutionContext.SessionState.Path.SetLocation('{BuiltModule.Root}')
            Import-Module ./AzsBackup.psd1 -ErrorAction Stop
            Get-AzsStack
            """).Succeeded();
    }

    [Theory]
    [InlineData("Import-Module $manifest -Force; Import-Module $manifest -Force")]
    [InlineData("Remove-Module AzsBackup; Import-Module $manifest; Remove-Module AzsBackup; Import-Module $manifest")]
    public void Import_Again_KeepsItsCommandsAndTypes(string again)
    {
        using var host = ModuleHost.WithModule();
        var output = host.Set("manifest", BuiltModule.Manifest).Invoke($$"""
            $before = (Get-Module AzsBackup).ExportedCommands.Count
            {{again}}
            $before -gt 0
            (Get-Module AzsBackup).ExportedCommands.Count -eq $before
            $null = Get-AzsStack -ErrorAction Stop
            [AzsBackup.Model.AzsErrorKind]::Busy.ToString()
            """).Succeeded();
        Assert.Equal([true, true, "Busy"], output);
    }

    [Fact]
    public void Manifest_IsValidAndExportsNamesOneByOne()
    {
        using var host = ModuleHost.Bare();
        var text = File.ReadAllText(BuiltModule.Manifest);
        Assert.DoesNotContain("'*'", text, StringComparison.Ordinal);
        Assert.Equal(["AzsBackup"], host.Invoke($"(Test-ModuleManifest '{BuiltModule.Manifest}' -ErrorAction Stop).Name").Succeeded());
    }
}
