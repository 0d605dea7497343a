using System.Management.Automation;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Pipeline;

public sealed class ProgressTests
{
    [Theory]
    [InlineData("Show-TestItem -Reports 10000")]
    [InlineData("Show-TestItem -Reports 10000 -Unfinished")]
    public void Progress_IsThrottledOneLinePerSubjectAndTakenAway(string script)
    {
        using var host = ModuleHost.WithTestCmdlets();
        host.Invoke(script).Succeeded();

        // Of 20,000 reports; five a second and subject would be two hundred only if this took twenty seconds.
        Assert.InRange(host.Screen.Progress.Count, 2, 200);
        var lines = host.Screen.Progress.GroupBy(record => record.ActivityId).ToList();
        Assert.Equal(["Backing up db01", "Backing up web01"], lines.Select(line => Assert.Single(line.Select(record => record.Activity).Distinct())).Order());
        Assert.All(lines, line => Assert.Equal(ProgressRecordType.Completed, line.Last().RecordType));
        Assert.All(lines, line => Assert.Single(line, record => record.RecordType == ProgressRecordType.Completed));
    }

    [Fact]
    public void Progress_TellsPercentBytesAndRate()
    {
        using var host = ModuleHost.WithTestCmdlets();
        host.Invoke("Show-TestItem -Reports 1").Succeeded();
        var last = host.Screen.Progress.Last(record => record.Activity == "Backing up web01");
        Assert.Equal("100 %, 3 GiB of 3 GiB, 307 MiB/s", last.StatusDescription);
        Assert.Equal(100, last.PercentComplete);
    }
}
