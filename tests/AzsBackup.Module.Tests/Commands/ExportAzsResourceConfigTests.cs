using System.Management.Automation;
using System.Text.Json;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

[Collection("Connections")]
public sealed class ExportAzsResourceConfigTests(SampleStack sample) : IClassFixture<SampleStack>, IDisposable
{
    /// <summary>The secrets of the sample estate that a stack gives away to whoever may read the resource, or should not.</summary>
    private static readonly string[] Canaries = ["canary-admin-password-51d8", "canary-extension-key-77aa02", "canary-vpn-shared-key-9f27c1"];

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void TwoExports_OfAnUnchangedStack_AreTheSameBytes()
    {
        using var host = Connect();
        var count = host.Invoke("@(Export-AzsResourceConfig -Path $folder/one -ThrottleLimit 1).Count; @(Export-AzsResourceConfig -Path $folder/two -ThrottleLimit 16).Count").Succeeded();
        Assert.Equal(count[0], count[1]);
        var (one, two) = (_scratch.File("one/raw"), _scratch.File("two/raw"));
        var files = FolderState.Of(one);
        Assert.NotEmpty(files);
        Assert.Equal(files, FolderState.Of(two));
        foreach (var file in Directory.GetFiles(one, "*", SearchOption.AllDirectories))
            Assert.Equal(SampleStack.HashOf(file), SampleStack.HashOf(Path.Combine(two, Path.GetRelativePath(one, file))));
        Assert.All(Canaries, canary => Assert.Empty(FolderState.FilesWith(_scratch.Path, canary)));
    }

    [Fact]
    public void EveryListedResource_HasAStatus()
    {
        using var host = Connect();
        var rows = Export(host, "Export-AzsResourceConfig -Path $folder/capture");
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(_scratch.File("capture/manifest.json")));
        var recorded = manifest.RootElement.GetProperty("resources").EnumerateArray().Select(entry => entry.GetProperty("id").GetString()!.ToUpperInvariant()).ToList();
        Assert.Equal(recorded, rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(rows.Values, row => Assert.Equal("Captured", row.Status));
        foreach (var listed in Estate().Where(id => id.Split('/').Length > 3))
            Assert.Contains(listed.ToUpperInvariant(), rows.Keys);
    }

    [Fact]
    public async Task RefusedResource_IsFailedAndItsEarlierFileAndTheOthersAreThere()
    {
        using var host = Connect();
        var before = Export(host, "Export-AzsResourceConfig -Path $folder/capture");
        var file = before.Single(row => row.Key.EndsWith("/LOADBALANCERS/WEB-LB", StringComparison.Ordinal)).Value.File!;
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        await sample.Probe.FailAsync("""[{"route":"/loadBalancers","status":500,"retryAfter":"0"}]""");
        try
        {
            var result = host.Invoke(Command("Export-AzsResourceConfig -Path $folder/capture"));
            var error = result.Failed("CaptureIncomplete");
            Assert.Contains("/loadBalancers/web-lb", error.ErrorDetails.Message, StringComparison.Ordinal);
            Assert.Contains($"Of {before.Count} resources, 1 are missing", error.ErrorDetails.Message, StringComparison.Ordinal);
            var rows = Rows(result.Output);
            Assert.Equal(before.Keys.Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
            var failed = Assert.Single(rows, row => row.Value.Status != "Captured");
            Assert.EndsWith("/LOADBALANCERS/WEB-LB", failed.Key, StringComparison.Ordinal);
            Assert.Equal("Failed", failed.Value.Status);
            Assert.Contains("InternalServerError", failed.Value.Reason, StringComparison.Ordinal);
        }
        finally
        {
            await sample.Probe.HealAsync();
        }

        Assert.Equal(bytes, await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        using var manifest = JsonDocument.Parse(await File.ReadAllBytesAsync(_scratch.File("capture/manifest.json"), TestContext.Current.CancellationToken));
        var entry = manifest.RootElement.GetProperty("resources").EnumerateArray().Single(item => item.GetProperty("status").GetString() == "Failed");
        Assert.EndsWith("The file is from an earlier export.", entry.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllowPartial_MissingResource_IsAWarning()
    {
        using var host = Connect();
        await sample.Probe.FailAsync("""[{"route":"/loadBalancers","status":500,"retryAfter":"0"}]""");
        try
        {
            var result = host.Invoke("Export-AzsResourceConfig -Path $folder/capture -AllowPartial");
            Assert.NotEmpty(result.Succeeded());
            Assert.Contains(result.Warnings, warning => warning.Contains("1 are missing", StringComparison.Ordinal));
        }
        finally
        {
            await sample.Probe.HealAsync();
        }
    }

    [Fact]
    public void Vault_TwoGenerations_AreListedAndReadBackWithoutASecretAnywhere()
    {
        using var host = Connect();
        var output = host.Invoke("""
            $vault = New-AzsBackupVault $folder/vault -NoEncryption
            $null = Export-AzsResourceConfig -Path $folder/direct
            $null = Export-AzsResourceConfig -Vault $vault
            $null = Export-AzsResourceConfig -Vault $vault -ThrottleLimit 1
            $all = @(Get-AzsResourceConfig -Vault $vault)
            $newest = Get-AzsResourceConfig -Vault $vault -Latest -Path $folder/back
            $all.Count; $newest.Id -eq $all[1].Id; @(Get-AzsVmBackup -Vault $vault).Count
            """).Succeeded();
        Assert.Equal([2, true, 0], output.Select(item => item is PSObject wrapped ? wrapped.BaseObject : item));
        var (direct, back) = (_scratch.File("direct/raw"), _scratch.File("back/raw"));
        Assert.Equal(FolderState.Of(direct), FolderState.Of(back));
        foreach (var file in Directory.GetFiles(direct, "*", SearchOption.AllDirectories))
            Assert.Equal(SampleStack.HashOf(file), SampleStack.HashOf(Path.Combine(back, Path.GetRelativePath(direct, file))));
        Assert.All(Canaries, canary => Assert.Empty(FolderState.FilesWith(_scratch.Path, canary)));
    }

    [Fact]
    public void Remove_CaptureOfAVault_WaitsAndCanBeKept()
    {
        using var host = Connect();
        var output = host.Invoke("""
            $vault = New-AzsBackupVault $folder/vault -NoEncryption
            $null = Export-AzsResourceConfig -Vault $vault -ResourceGroupName contoso-network
            $waiting = Get-AzsResourceConfig -Vault $vault | Remove-AzsResourceConfig -Confirm:$false
            $kept = $waiting | Remove-AzsResourceConfig -Undo -Confirm:$false
            ($waiting.RemovalDueAt - [datetime]::UtcNow).TotalDays -gt 6; $null -eq $kept.RemovalDueAt
            """).Succeeded();
        Assert.Equal([true, true], output);
    }

    [Theory]
    [InlineData("Get-AzsResourceConfig -Vault $vault -Id 00000000000000000000000000000000", "CaptureNotFound")]
    [InlineData("Get-AzsResourceConfig -Vault $vault -Path $folder/new", "CaptureNotChosen")]
    public void GetFromVault_WhatIsNotThere_IsOneClearError(string command, string errorId)
    {
        using var host = Connect();
        host.Invoke("$global:vault = New-AzsBackupVault $folder/vault -NoEncryption").Succeeded();
        host.Invoke(command).Failed(errorId);
        Assert.False(Directory.Exists(_scratch.File("new")));
    }

    [Theory]
    [InlineData("[pscustomobject]@{ ResourceGroupName = 'contoso-network'; ResourceId = \"/subscriptions/$($stack.SubscriptionId)/resourceGroups/contoso-network\"; Location = 'local' }", "CONTOSO-NETWORK")]
    [InlineData("[pscustomobject]@{ Id = $stack.SubscriptionId; Name = 'Sample'; SubscriptionId = $stack.SubscriptionId }", "CONTOSO")]
    [InlineData("[pscustomobject]@{ Id = \"/subscriptions/$($stack.SubscriptionId)\"; SubscriptionId = $stack.SubscriptionId; DisplayName = 'Sample' }", "CONTOSO")]
    [InlineData("[pscustomobject]@{ ResourceId = \"/subscriptions/$($stack.SubscriptionId)/resourceGroups/contoso-app/providers/Microsoft.Compute/availabilitySets/web-as\"; Name = 'web-as'; ResourceGroupName = 'contoso-app' }", "CONTOSO-APP/PROVIDERS/MICROSOFT.COMPUTE/AVAILABILITYSETS/WEB-AS")]
    public void Pipeline_TakesWhatOtherModulesEmit(string input, string within)
    {
        using var host = Connect();
        var rows = Export(host, $"{input} | Export-AzsResourceConfig -Path $folder/capture");
        Assert.NotEmpty(rows);
        Assert.Contains(rows.Keys, id => id.Contains($"/RESOURCEGROUPS/{within}", StringComparison.Ordinal));
        if (within != "CONTOSO") Assert.All(rows.Keys, id => Assert.Contains($"/RESOURCEGROUPS/{within}", id, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-Path $folder/photos", "CapturePathNotEmpty", ErrorCategory.InvalidArgument, "new folder")]
    [InlineData("-Path $folder/file", "CapturePathIsFile", ErrorCategory.InvalidArgument, "-Path")]
    [InlineData("-Path $folder/file/below", "CaptureNotWritable", ErrorCategory.DeviceError, "file")]
    [InlineData("-Path $folder/new -ResourceId nonsense", "ScopeNotNamed", ErrorCategory.InvalidArgument, "-ResourceGroupName")]
    [InlineData("-Path $folder/new -ResourceGroupName no-such-group", "ResourceNotFound", ErrorCategory.ObjectNotFound, "no-such-group")]
    public void BadInput_IsOneClearErrorAndNothingIsWritten(string arguments, string errorId, ErrorCategory category, string says)
    {
        using var host = Connect();
        _scratch.Write("file", "a file"u8);
        _scratch.Write("photos/heron.jpg", "a photo"u8);
        var before = FolderState.Of(_scratch.Path);
        var result = host.Invoke($"Export-AzsResourceConfig {arguments}");
        Assert.Empty(result.Output);
        var error = result.Failed(errorId);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Contains(says, error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Equal(before, FolderState.Of(_scratch.Path));
    }

    private ModuleHost Connect() => sample.Connect().Set("folder", _scratch.Path);

    private static Dictionary<string, (string Status, string? Reason, string? File)> Export(ModuleHost host, string command) =>
        Rows(host.Invoke(Command(command)).Succeeded());

    private static string Command(string export) =>
        $"{export} | ForEach-Object {{ [pscustomobject]@{{ Id = $_.ResourceId; Status = \"$($_.Status)\"; Reason = $_.Reason; File = $_.File }} }}";

    private static Dictionary<string, (string Status, string? Reason, string? File)> Rows(IEnumerable<object?> output) => output.Cast<PSObject>().ToDictionary(
        row => ((string)row.Properties["Id"].Value).ToUpperInvariant(),
        row => ((string)row.Properties["Status"].Value, (string?)row.Properties["Reason"].Value, (string?)row.Properties["File"].Value));

    /// <summary>The ids in the sample estate.</summary>
    private List<string> Estate()
    {
        using var stream = typeof(Emulator.Hosting.EmulatedStack).Assembly.GetManifestResourceStream(
            typeof(Emulator.Hosting.EmulatedStack).Assembly.GetManifestResourceNames().Single(name => name.EndsWith("sample.json", StringComparison.Ordinal)))!;
        using var estate = JsonDocument.Parse(stream);
        return estate.RootElement.GetProperty("resources").EnumerateArray()
            .Select(resource => resource.GetProperty("id").GetString()!.Replace("{subscriptionId}", sample.Stack.SubscriptionId, StringComparison.Ordinal))
            .ToList();
    }
}
