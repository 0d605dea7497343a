using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Pipeline;

public sealed class ConfirmationTests
{
    [Fact]
    public void WhatIf_NamesWhatWouldBeDoneAndDoesNothing()
    {
        using var host = ModuleHost.WithTestCmdlets();
        Assert.Empty(host.Invoke("'a', 'b' | Remove-TestItem -WhatIf").Succeeded());
        Assert.Contains("\"Remove\" on target \"a\"", host.Screen.Text, StringComparison.Ordinal);
        Assert.Contains("\"Remove\" on target \"b\"", host.Screen.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'a', 'b' | Remove-TestItem -WhatIf -AsJob")]
    [InlineData("$WhatIfPreference = $true; 'a', 'b' | Remove-TestItem -AsJob")]
    public void WhatIf_AsJob_NamesItOnTheScreenAndStartsNoJob(string script)
    {
        using var host = ModuleHost.WithTestCmdlets();
        Assert.Empty(host.Invoke($"{script}; Get-Job").Succeeded());
        Assert.Contains("\"Remove\" on target \"b\"", host.Screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Confirm_AsksForEachItemOfParallelWorkersAndObeys()
    {
        using var host = ModuleHost.WithTestCmdlets();
        foreach (var answer in (int[])[0, 2, 0, 2]) host.Screen.Answers.Enqueue(answer);
        var output = host.Invoke("'a', 'b', 'c', 'd' | Remove-TestItem -Confirm").Succeeded();
        Assert.Equal(4, host.Screen.Questions.Count);
        Assert.Equal(2, output.Count);
    }

    [Fact]
    public void SecondQuestion_IsAskedInSpiteOfConfirmFalse()
    {
        using var host = ModuleHost.WithTestCmdlets();
        host.Screen.Answers.Enqueue(1);
        Assert.Empty(host.Invoke("'a' | Remove-TestItem -Confirm:$false -Doubly").Succeeded());
        Assert.Equal("Really remove a?", Assert.Single(host.Screen.Questions));
    }
}
