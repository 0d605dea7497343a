using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

/// <summary>The levels of consistency, as a user asks for them.</summary>
[Collection("Connections")]
public sealed class ConsistencyTests(SampleStack sample) : IClassFixture<SampleStack>, IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Application_ScriptsGetTheVmAndTheCallersValues_AndFrameTheSnapshots()
    {
        using var host = ConnectWithVault().Set("notes", _scratch.File("notes"));
        var before = sample.Stack.RecentRequests.Count;

        var level = host.Invoke("""
            $marks = @(@{ Word = 'quiet' })
            $point = Start-AzsVmBackup -ResourceGroupName contoso-app -Name app-web-1 -Vault $vault -Consistency Application `
                -PreSnapshot { param($vm) [IO.File]::AppendAllText($using:notes, "$($using:marks[0].Word) $($vm.Name)`n") } `
                -PostSnapshot { [IO.File]::AppendAllText($using:notes, "loud $($args[0].ResourceGroupName)`n") }
            "$($point.Consistency)"
            """).Succeeded();

        Assert.Equal(["Application"], level.Cast<string>());
        Assert.Equal(["quiet app-web-1", "loud contoso-app"], await File.ReadAllLinesAsync(_scratch.File("notes"), TestContext.Current.CancellationToken));
        Assert.Contains(sample.Stack.RecentRequests.Skip(before), request => request.Method == "PUT" && request.Path.Contains("/snapshots/", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Application_ScriptThatFails_IsThisVmsErrorAndTheOtherScriptRunsAllTheSame()
    {
        using var host = ConnectWithVault().Set("notes", _scratch.File("notes"));

        var result = host.Invoke("""
            Start-AzsVmBackup -ResourceGroupName contoso-app -Name app-web-1 -Vault $vault -Consistency Application `
                -PreSnapshot { throw 'the database did not stop' } -PostSnapshot { [IO.File]::WriteAllText($using:notes, 'loud') }
            """);

        var error = result.Failed("PreSnapshotFailed");
        Assert.Contains("the database did not stop", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(sample.VmId("app-web-1"), error.TargetObject);
        Assert.True(File.Exists(_scratch.File("notes")));
        Assert.Empty(host.Invoke("Get-AzsVmBackup -Vault $vault").Succeeded());
    }

    [Fact]
    public void Offline_RunningVm_IsDeallocatedForTheSnapshotsAndRunsAgain()
    {
        using var host = ConnectWithVault();
        var before = sample.Stack.RecentRequests.Count;

        var level = host.Invoke("(Start-AzsVmBackup -ResourceGroupName contoso-app -Name app-web-2 -Vault $vault -Consistency Offline).Consistency.ToString()").Succeeded();

        Assert.Equal(["Offline"], level.Cast<string>());
        var steps = sample.Stack.RecentRequests.Skip(before)
            .Where(request => request.Method is "PUT" or "POST")
            .Select(request => request.Path.Split('?')[0].Split('/'))
            .Select(path => path[^1] is "deallocate" or "start" ? path[^1] : path[^2])
            .Where(step => step is "deallocate" or "start" or "snapshots").ToList();
        Assert.Equal("deallocate", steps[0]);
        Assert.Equal("start", steps[^1]);
        Assert.All(steps[1..^1], step => Assert.Equal("snapshots", step));
    }

    [Fact]
    public void Group_AllSnapshotsAreMadeBeforeAnyDiskIsRead()
    {
        using var host = ConnectWithVault();
        var before = sample.Stack.RecentRequests.Count;

        var names = host.Invoke("Start-AzsVmBackup -ResourceGroupName contoso-app -Vault $vault -ConsistencyGroup | ForEach-Object VmName").Succeeded();

        Assert.Equal(SampleStack.VmNames.Order(StringComparer.Ordinal), names.Cast<string>().Order(StringComparer.Ordinal));
        var requests = sample.Stack.RecentRequests.Skip(before).ToList();
        var lastSnapshot = requests.FindLastIndex(request => request.Method == "PUT"
            && (request.Path.Contains("/snapshots/", StringComparison.OrdinalIgnoreCase) || request.Path.Contains("comp=snapshot", StringComparison.Ordinal)));
        var firstRead = requests.FindIndex(request => request.Path.Contains("comp=pagelist", StringComparison.Ordinal));
        Assert.InRange(lastSnapshot, 0, firstRead);
    }

    private ModuleHost ConnectWithVault()
    {
        var host = sample.Connect().Set("folder", _scratch.Path);
        host.Invoke("$vault = New-AzsBackupVault $folder/vault -NoEncryption").Succeeded();
        return host;
    }
}
