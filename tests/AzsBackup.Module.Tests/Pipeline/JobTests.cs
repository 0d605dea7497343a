using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Pipeline;

public sealed class JobTests
{
    [Fact]
    public void Job_GivesItsResultsAndIsListed()
    {
        using var host = ModuleHost.WithTestCmdlets();
        var output = host.Invoke("""
            $job = 'a', 'b' | Remove-TestItem -AsJob
            $null = $job | Wait-Job
            "$($job.State) $($job.PSJobTypeName) $((Get-Job -Id $job.Id).Command)"
            $job | Receive-Job | ForEach-Object { $_ }
            $job | Remove-Job
            @(Get-Job).Count
            """).Succeeded();
        Assert.Equal("Completed AzsBackupJob Remove-TestItem", output[0]);
        Assert.Equal(["a", "b"], output.Skip(1).Take(2).Cast<string>().Order());
        Assert.Equal(0, output[^1]);
    }

    [Theory]
    [InlineData("Stop-Job $job; $job.State; Remove-Job $job")]
    [InlineData("Remove-Job $job -Force; 'Stopped'")]
    public void StoppedJob_HasCleanedUp(string stop)
    {
        using var host = ModuleHost.WithTestCmdlets();
        using var started = new ManualResetEventSlim();
        var diary = new List<string>();
        var output = host.Set("diary", diary).Set("started", started).Invoke($$"""
            $job = Wait-TestItem -Diary $diary -Started $started -AsJob
            $started.Wait()
            {{stop}}
            """).Succeeded();
        Assert.Equal(["Stopped"], output);
        Assert.Equal(["cleaned up"], diary);
    }

    [Fact]
    public void JobThatMustAsk_FailsAndSaysWhatToDo()
    {
        using var host = ModuleHost.WithTestCmdlets();
        var result = host.Invoke("$job = Invoke-TestQuestion -Script '1' -AsJob; $null = $job | Wait-Job; $job.State; $job | Receive-Job; $job | Remove-Job");
        Assert.Equal(["Failed"], result.Output);
        Assert.Contains("without -AsJob", result.Failed("JobCannotAsk").ErrorDetails.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Confirm_AsksOnceBeforeTheJobStarts()
    {
        using var host = ModuleHost.WithTestCmdlets();
        host.Screen.Answers.Enqueue(2);
        Assert.Empty(host.Invoke("'a', 'b' | Remove-TestItem -AsJob -Confirm; Get-Job").Succeeded());
        Assert.Single(host.Screen.Questions);
    }
}
