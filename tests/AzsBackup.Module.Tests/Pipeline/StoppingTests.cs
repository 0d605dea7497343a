using System.Management.Automation;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Pipeline;

public sealed class StoppingTests
{
    /// <summary>What the project promises for Ctrl+C. Not a measurement: without it a hang would hang the tests.</summary>
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Stop_EndsTheCommandOnlyAfterItHasCleanedUp()
    {
        using var host = ModuleHost.WithTestCmdlets();
        using var started = new ManualResetEventSlim();
        using var cleanUp = new SemaphoreSlim(0);
        var diary = new List<string>();
        host.Set("diary", diary).Set("started", started).Set("cleanUp", cleanUp);

        using var shell = host.Start("Wait-TestItem -Diary $diary -Started $started -CleanUp $cleanUp", out var ending);
        started.Wait(TestContext.Current.CancellationToken);
        var stopping = shell.StopAsync(null, null);
        Assert.False(ending.IsCompleted);
        Assert.Empty(diary);

        cleanUp.Release();
        await stopping.WaitAsync(Promise, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<PipelineStoppedException>(() => ending.WaitAsync(Promise, TestContext.Current.CancellationToken));
        Assert.Equal(["cleaned up"], diary);
        Assert.Empty(shell.Streams.Error);
    }

    [Fact]
    public async Task Stop_WhileResultsPour_EndsWithNoError()
    {
        using var host = ModuleHost.WithTestCmdlets();
        using var started = new ManualResetEventSlim();
        var diary = new List<string>();
        host.Set("diary", diary).Set("started", started);

        using var shell = host.Start("Wait-TestItem -Diary $diary -Started $started -Flood | Out-Null", out var ending);
        started.Wait(TestContext.Current.CancellationToken);
        await shell.StopAsync(null, null).WaitAsync(Promise, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<PipelineStoppedException>(() => ending.WaitAsync(Promise, TestContext.Current.CancellationToken));
        Assert.Equal(["cleaned up"], diary);
        Assert.Empty(shell.Streams.Error);
    }

    [Fact]
    public async Task Stop_LeavesTheRunspaceUsable()
    {
        using var host = ModuleHost.WithTestCmdlets();
        using var started = new ManualResetEventSlim();
        host.Set("diary", new List<string>()).Set("started", started);
        using (var shell = host.Start("Wait-TestItem -Diary $diary -Started $started", out var ending))
        {
            started.Wait(TestContext.Current.CancellationToken);
            await shell.StopAsync(null, null).WaitAsync(Promise, TestContext.Current.CancellationToken);
            await Assert.ThrowsAsync<PipelineStoppedException>(() => ending.WaitAsync(Promise, TestContext.Current.CancellationToken));
        }

        Assert.Equal(["a"], host.Invoke("Test-TestItem a").Succeeded());
    }
}
