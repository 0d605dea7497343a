using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

/// <summary>The commands for policies, their jobs and their schedules.</summary>
[Collection("Connections")]
public sealed class BackupPolicyTests(SampleStack sample) : IClassFixture<SampleStack>, IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Policy_FromItsMakingToItsEnd_DoesWhatItSays()
    {
        using var host = ConnectWithVault();
        var made = host.Invoke("""
            $policy = New-AzsVmBackupPolicy Nightly -Vault $vault -VmName app-* -Exclude @{ VmName = '*-2' } -At 22:30 -TimeZone Asia/Tokyo -KeepLast 1 -IncludeDisk 0
            $policy.Name, "$($policy.State)", $policy.Schedule, ($policy.NextRun -gt [datetime]::UtcNow), $policy.Stack
            """).Succeeded();
        Assert.Equal(["Nightly", "Healthy", "daily at 22:30 (Asia/Tokyo)", true, sample.Stack.ArmEndpoint.Authority], made);
        Assert.Empty(host.Invoke("Invoke-AzsVmBackupPolicy -Vault $vault").Succeeded());

        Assert.Empty(host.Invoke("Invoke-AzsVmBackupPolicy Nightly -Vault $vault -Force -WhatIf").Succeeded());
        Assert.Contains("app-web-1", host.Screen.Text, StringComparison.Ordinal);
        Assert.Empty(host.Invoke("Get-AzsVmBackup -Vault $vault").Succeeded());

        var ran = host.Invoke("1..2 | ForEach-Object { $policy | Invoke-AzsVmBackupPolicy -Force } | ForEach-Object { \"$($_.VmName) $($_.State)\" }").Succeeded();
        Assert.Equal(["app-web-1 Completed", "app-web-1 Completed"], ran);
        Assert.Equal(["Nightly PendingRemoval", "Nightly Available"], host.Invoke("Get-AzsVmBackup -Vault $vault | ForEach-Object { \"$($_.Policy) $($_.State)\" }").Succeeded());
        Assert.Equal([" Completed", "app-web-1 Completed", " Completed", "app-web-1 Completed"], host.Invoke("Get-AzsVmBackupJob -Vault $vault | ForEach-Object { \"$($_.VmName) $($_.State)\" }").Succeeded());
        Assert.Equal(["Healthy", "Completed"], host.Invoke("$now = Get-AzsVmBackupPolicy nightly -Vault $vault; \"$($now.State)\"; \"$($now.LastRunState)\"").Succeeded());

        var changed = host.Invoke("$changed = $policy | Set-AzsVmBackupPolicy -EveryHours 4 -KeepDaily 9 -Disabled; $changed.Schedule, $changed.KeepDaily, $changed.KeepLast, \"$($changed.State)\", $changed.Version").Succeeded();
        Assert.Equal(["every 4 hours at minute 00 (Asia/Tokyo)", 9, 1, "Disabled", 1], changed);
        host.Invoke("Remove-AzsVmBackupPolicy NIGHTLY -Vault $vault").Succeeded();
        Assert.Empty(host.Invoke("Get-AzsVmBackupPolicy -Vault $vault").Succeeded());
        Assert.Equal(2, host.Invoke("Get-AzsVmBackup -Vault $vault").Succeeded().Count);
    }

    [Fact]
    public void Invoke_OneVmThatCantBeBackedUp_IsOneErrorAndTheOthersAreDone()
    {
        using var host = ConnectWithVault();
        host.Invoke("$null = New-AzsVmBackupPolicy All -Vault $vault -VmName * -At 22:30 -KeepLast 9 -IncludeDisk app-web-1-data, app-web-2-data").Succeeded();
        var result = host.Invoke("Invoke-AzsVmBackupPolicy All -Vault $vault -Force | ForEach-Object { \"$($_.VmName) $($_.State)\" }");
        Assert.Equal(["app-web-1 Completed", "app-web-2 Completed", "db-1 Failed"], result.Output.Cast<string>().Order(StringComparer.Ordinal));
        result.Failed("NoDiskLeft");
        Assert.Equal(["Failed"], host.Invoke("(Get-AzsVmBackupPolicy -Vault $vault).State.ToString()").Succeeded());
        Assert.Equal(["db-1"], host.Invoke("(Get-AzsVmBackupJob -Vault $vault -State Failed -VmName *).VmName").Succeeded());
    }

    [Theory]
    [InlineData("New-AzsVmBackupPolicy P -Vault $vault -At 22:30", "PolicyInvalid", "which VMs")]
    [InlineData("New-AzsVmBackupPolicy P -Vault $vault -VmName * ", "PolicyInvalid", "time of the day")]
    [InlineData("New-AzsVmBackupPolicy P -Vault $vault -VmName * -At 25:00", "ScheduleTimeInvalid", "22:30")]
    [InlineData("New-AzsVmBackupPolicy P -Vault $vault -VmName * -At 22:30 -TimeZone Mars/Olympus", "TimeZoneUnknown", "IANA")]
    [InlineData("New-AzsVmBackupPolicy P -Vault $vault -VmName * -At 22:30 -EveryHours 2", "PolicyInvalid", "exclude each other")]
    [InlineData("New-AzsVmBackupPolicy P -Vault $vault -VmName * -At 22:30 -DayOfMonth 32", "PolicyInvalid", "1 to 31")]
    [InlineData("New-AzsVmBackupPolicy P -Vault $vault -Select @{ Vm = '*' } -At 22:30", "PolicyRuleInvalid", "VmName")]
    [InlineData("New-AzsVmBackupPolicy P -Vault $vault -VmName * -At 22:30 -Consistency Application", "PolicyInvalid", "script")]
    [InlineData("Set-AzsVmBackupPolicy Missing -Vault $vault -KeepLast 3", "PolicyNotFound", "Get-AzsVmBackupPolicy")]
    [InlineData("Remove-AzsVmBackupPolicy Missing -Vault $vault", "PolicyNotFound", "Get-AzsVmBackupPolicy")]
    [InlineData("Get-AzsVmBackupPolicy Missing -Vault $vault", "PolicyNotFound", "Get-AzsVmBackupPolicy")]
    [InlineData("Invoke-AzsVmBackupPolicy Missing -Vault $vault", "PolicyNotFound", "Get-AzsVmBackupPolicy")]
    [InlineData("Invoke-AzsVmBackupPolicy -Vault $vault -Force", "ForceNeedsName", "-Name")]
    [InlineData("Invoke-AzsVmBackupPolicy -Vault $vault -Shard 4/3", "ShardInvalid", "2/3")]
    [InlineData("Start-AzsVmBackup -ResourceGroupName contoso-app -Vault $vault -Shard 0", "ShardInvalid", "2/3")]
    [InlineData("Register-AzsVmBackupSchedule ./out -As Cron -Vault $vault", "ScheduleIncomplete", "-ClientId")]
    [InlineData("Register-AzsVmBackupSchedule ./out -As Cron -Vault $vault -ClientId x -ClientSecretPath /s", "ScheduleIncomplete", "-VaultPasswordPath")]
    [InlineData("Register-AzsVmBackupSchedule ./out -As Kubernetes -ScriptPath /run.ps1", "ScheduleInvalid", "image")]
    [InlineData("Register-AzsVmBackupSchedule ./out -As Cron -ScriptPath /run.ps1 -IntervalMinutes 7", "ScheduleInvalid", "interval")]
    public void BadInput_IsOneClearErrorAndNothingIsWritten(string command, string errorId, string says)
    {
        using var host = ConnectWithVault();
        var before = FolderState.Of(_scratch.Path);
        var error = host.Invoke(command).Failed(errorId);
        Assert.Contains(says, error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Equal(before, FolderState.Of(_scratch.Path));
    }

    [Theory]
    [InlineData("TaskScheduler", "azsbackup.xml,azsbackup.ps1")]
    [InlineData("Cron", "azsbackup.cron,azsbackup.ps1")]
    [InlineData("Systemd", "azsbackup.service,azsbackup.timer,azsbackup.ps1")]
    [InlineData("Kubernetes", "azsbackup.yaml")]
    public void Register_EachFormat_WritesItsFilesWithoutASecret(string format, string files)
    {
        using var host = ConnectWithVault();
        host.Set("format", format).Set("out", _scratch.File("schedule"));
        var written = host.Invoke("""
            $schedule = Register-AzsVmBackupSchedule $out -As $format -Vault $vault -ClientId $stack.ClientId -ClientSecretPath /etc/secret -VaultPasswordPath /etc/password -Image image
            $schedule.Files
            """).Succeeded().Cast<string>().ToList();
        Assert.Equal(files.Split(','), written.Select(Path.GetFileName));
        Assert.All(written, file =>
        {
            var text = File.ReadAllText(file);
            Assert.DoesNotContain(SampleStack.Password, text, StringComparison.Ordinal);
            Assert.DoesNotContain(sample.Stack.ClientSecret, text, StringComparison.Ordinal);
        });
        Assert.Equal("ScheduleFileExists", host.Invoke("Register-AzsVmBackupSchedule $out -As $format -ScriptPath /own.ps1 -Image image").Failed("ScheduleFileExists").FullyQualifiedErrorId.Split(',')[0]);
        host.Invoke("Register-AzsVmBackupSchedule $out -As $format -ScriptPath /own.ps1 -Image image -Force").Succeeded();
    }

    [Fact]
    public void Shards_OfStart_TakeEachVmOnce()
    {
        using var host = ConnectWithVault();
        var names = host.Invoke("1..2 | ForEach-Object { Start-AzsVmBackup -ResourceGroupName contoso-app -Vault $vault -IncludeDisk os -Shard \"$_/2\" } | ForEach-Object VmName").Succeeded();
        Assert.Equal(SampleStack.VmNames, names.Cast<string>().Order(StringComparer.Ordinal));
        Assert.Equal(3, host.Invoke("Get-AzsVmBackupJob -Vault $vault").Succeeded().Count);
    }

    private ModuleHost ConnectWithVault()
    {
        var host = sample.Connect().Set("here", _scratch.Path);
        host.Invoke("$null = $ExecutionContext.SessionState.Path.SetLocation($here); $vault = New-AzsBackupVault ./vault -Password $password").Succeeded();
        return host;
    }
}
