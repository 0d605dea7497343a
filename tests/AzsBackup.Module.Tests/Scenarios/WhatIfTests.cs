using AzsBackup.Emulator.Hosting;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Scenarios;

/// <summary>-WhatIf of every command that changes something.</summary>
[Collection("Connections")]
public sealed class WhatIfTests(SampleStack sample) : IClassFixture<SampleStack>, IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("New-AzsBackupVault $folder/new -Password $password", "Make an encrypted vault", "/new")]
    [InlineData("New-AzsBackupVault $folder/new -NoEncryption", "WITHOUT encryption", "/new")]
    [InlineData("Start-AzsVmBackup -ResourceGroupName contoso-app -Vault $vault", "Back up 2 disks", "virtualMachines/app-web-1", "virtualMachines/app-web-2", "virtualMachines/db-1")]
    [InlineData("Start-AzsVmBackup -ResourceGroupName contoso-app -Name db-1 -IncludeDisk os -Vault $vault -AsJob | Wait-Job | Receive-Job", "Back up 1 disk ", "virtualMachines/db-1")]
    [InlineData("$point | Restore-AzsVmBackup -Path $folder/out", "db-1-os.vhd", "db-1-lun0.vhd")]
    [InlineData("$point | Remove-AzsVmBackup", "Remove the recovery point in 7 days", "db-1")]
    [InlineData("$point | Remove-AzsVmBackup -Undo", "Keep the recovery point after all", "db-1")]
    [InlineData("$point | Set-AzsVmBackup -Pinned", "Pin", "db-1")]
    [InlineData("Set-AzsBackupVault $vault -MinimumRetentionDays 9", "before it is 9 days old", "/vault")]
    [InlineData("Optimize-AzsBackupVault $vault", "Remove 0 points", "condemn 0 chunks", "/vault")]
    [InlineData("Copy-AzsStackReplica -ResourceGroupName contoso-app -Source local -Destination east", "Copy 2 disks to 127.0.0.1:", "virtualMachines/db-1", "azsbackup-replicas")]
    [InlineData("Copy-AzsBackupVault -Vault $vault $folder/copy", "Make a copy of", "1 recovery points", "chunks", "/copy")]
    [InlineData("Add-AzsBackupVaultKey -Vault $locked -RecoveryKeyPath $folder/sheet.txt", "Add a recovery key", "sheet.txt")]
    [InlineData("Remove-AzsBackupVaultKey -Vault $locked -Id $locked.KeySlots[0].Id -Force", "Remove the key")]
    [InlineData("Export-AzsResourceConfig -Path $folder/capture", "Export the configuration of /subscriptions/", "/capture")]
    [InlineData("Disconnect-AzsStack local", "Disconnect", "local")]
    public async Task Command_SaysWhatItWouldDoAndDoesNothing(string command, params string[] says)
    {
        await using var east = await EmulatedStack.StartAsync(new EmulatedStackOptions { Region = "east" }, TestContext.Current.CancellationToken);
        using var host = SampleStack.Connect(sample.Connect(width: 1000), east, "east").Set("folder", _scratch.Path);
        host.Invoke("$locked = New-AzsBackupVault $folder/locked -Password $password; $vault = New-AzsBackupVault $folder/vault -NoEncryption; $point = Start-AzsVmBackup -ResourceGroupName contoso-app -Name db-1 -Vault $vault -Stack local").Succeeded();
        var files = FolderState.Of(_scratch.Path);
        var (requests, eastRequests) = (sample.Stack.RecentRequests.Count, east.RecentRequests.Count);

        var result = host.Invoke($"$PSDefaultParameterValues = @{{ '*-Azs*:WhatIf' = $true; 'Start-AzsVmBackup:Stack' = 'local'; 'Export-AzsResourceConfig:Stack' = 'local' }}; {command}");
        Assert.Empty(result.Succeeded());
        Assert.All(says, text => Assert.Contains(text, host.Screen.Text, StringComparison.Ordinal));
        Assert.StartsWith("What if: ", host.Screen.Text, StringComparison.Ordinal);
        Assert.Equal(files, FolderState.Of(_scratch.Path));
        Assert.All(sample.Stack.RecentRequests.Skip(requests), AssertReads);
        Assert.All(east.RecentRequests.Skip(eastRequests), AssertReads);
        Assert.Equal(2, host.Invoke("Get-AzsStack").Succeeded().Count);
    }

    private static void AssertReads(RecordedRequest request) => Assert.True(
        request.Method is "GET" or "HEAD" || (request.Method == "POST" && request.Path.Contains("/token", StringComparison.OrdinalIgnoreCase)),
        $"{request.Method} {request.Path}");
}
