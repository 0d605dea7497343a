using System.Management.Automation;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Pipeline;

public sealed class AsyncCmdletTests
{
    [Fact]
    public void Results_AreTakenBeforeTheWorkGoesOn()
    {
        using var host = ModuleHost.WithTestCmdlets();
        var diary = new List<string>();
        host.Set("diary", diary).Invoke("""
            Send-TestItem -Count 3 -Diary $diary | ForEach-Object { $diary.Add("took $_") }
            """).Succeeded();
        Assert.Equal(
            ["sending 1", "took 1", "sending 2", "took 2", "sending 3", "took 3", "cleaned up", "disposed"], diary);
    }

    [Fact]
    public void Verbose_ArrivesInOrderWithTheResults()
    {
        using var host = ModuleHost.WithTestCmdlets();
        var output = host.Set("diary", new List<string>()).Invoke("""
            Send-TestItem -Count 100 -Diary $diary -Verbose 4>&1 | ForEach-Object { "$_" }
            """).Succeeded();
        Assert.Equal(Enumerable.Range(1, 100).SelectMany(number => new[] { $"before {number}", $"{number}" }), output);
    }

    [Theory]
    [InlineData("throw 'enough'")]
    [InlineData("break")]
    public void ReaderThatHasEnough_CancelsTheWorkAndAwaitsItsCleaningUp(string enough)
    {
        using var host = ModuleHost.WithTestCmdlets();
        var diary = new List<string>();
        host.Set("diary", diary).Invoke($$"""
            foreach ($once in 1) { try { Send-TestItem -Count 1000 -Diary $diary | ForEach-Object { if ($_ -eq 2) { {{enough}} } } } catch { } }
            """);
        Assert.Equal(["sending 1", "sending 2", "cleaned up", "disposed"], diary);
    }

    [Fact]
    public void BadItem_IsReportedAndDoesNotStopTheOthers()
    {
        using var host = ModuleHost.WithTestCmdlets();
        var result = host.Invoke("'a', 'bad', 'b', 'bad', 'c' | Test-TestItem -Kind NotFound");
        Assert.Equal(["a", "b", "c"], result.Output);
        Assert.Equal(2, result.Errors.Count);
        Assert.All(result.Errors, error =>
        {
            Assert.StartsWith("TestFailed,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Equal("bad", error.TargetObject);
            Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
            Assert.Equal("The test failed. Try another item.", error.ErrorDetails.Message);
            Assert.Equal("AzsException", error.Exception.GetType().Name);
        });
    }

    [Fact]
    public void BadItem_WithErrorActionStop_EndsTheCommand()
    {
        using var host = ModuleHost.WithTestCmdlets();
        var result = host.Invoke("try { 'a', 'bad', 'b' | Test-TestItem -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }");
        Assert.Equal(["a", "TestFailed,AzsBackup.Module.Tests.Cmdlets.TestTestItemCommand"], result.Succeeded());
    }

    [Fact]
    public void FailureOfTheWhole_EndsTheCommand()
    {
        using var host = ModuleHost.WithTestCmdlets();
        var result = host.Invoke("try { 'a', 'fatal', 'b' | Test-TestItem } catch { $_.FullyQualifiedErrorId; $_.TargetObject }");
        Assert.Equal(["a", "TestFailed,AzsBackup.Module.Tests.Cmdlets.TestTestItemCommand", "the item's id"], result.Succeeded());
    }

    [Fact]
    public void Bug_FliesWithItsOwnType()
    {
        using var host = ModuleHost.WithTestCmdlets();
        var result = host.Invoke("try { 'a', 'bug' | Test-TestItem } catch { $_.Exception.GetBaseException().GetType().Name }");
        Assert.Equal(["a", nameof(InvalidOperationException)], result.Succeeded());
    }

    [Fact]
    public void EveryKindOfFailure_HasACategoryOfItsOwn()
    {
        using var host = ModuleHost.WithTestCmdlets();
        var result = host.Invoke("""
            foreach ($kind in [Enum]::GetValues([AzsBackup.Model.AzsErrorKind])) { Test-TestItem bad -Kind $kind }
            """);
        var categories = result.Errors.Select(error => error.CategoryInfo.Category).ToList();
        Assert.True(categories.Count > 10);
        Assert.DoesNotContain(ErrorCategory.NotSpecified, categories);
        Assert.Equal(categories.Distinct(), categories);
    }

    [Fact]
    public void Question_OfTheWorker_RunsInTheSession()
    {
        using var host = ModuleHost.WithTestCmdlets();
        var result = host.Invoke("function Get-Answer { 42 }; Invoke-TestQuestion -Script 'Get-Answer'; Invoke-TestQuestion -Script 'throw \"no\"'");
        Assert.Equal([42, "the worker caught: no"], result.Succeeded());
        Assert.Contains("asking", host.Screen.Text, StringComparison.Ordinal);
    }
}
