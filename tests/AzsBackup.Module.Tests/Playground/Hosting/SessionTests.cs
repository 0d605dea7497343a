using AzsBackup.Module.Tests.Hosting;
using AzsBackup.Playground.Hosting;

namespace AzsBackup.Module.Tests.Playground.Hosting;

public sealed class SessionTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly Session _session;

    public SessionTests() => _session = new Session(ScreenOf(""));

    public void Dispose()
    {
        _session.Dispose();
        _output.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Run_Command_ShowsItsOutputAsATable()
    {
        Assert.True(_session.Run("[pscustomobject]@{ Name = 'web'; Size = 12 }"));
        Assert.Contains("Name Size", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("throw 'boom'", "boom")]
    [InlineData("Get-Nothing", "Get-Nothing")]
    [InlineData("ForEach-Object -InputObject 1 -Process { $PSCmdlet.WriteError('x') }; Get-Nothing; 'on'", "on")]
    [InlineData("1/0", "divide by zero")]
    [InlineData("if (", "Missing condition")]
    public void Run_CommandWithAnError_ShowsItAndSaysSo(string command, string shown)
    {
        Assert.False(_session.Run(command));
        Assert.Contains(shown, _output.ToString(), StringComparison.Ordinal);
        Assert.True(_session.Run("'after'"));
    }

    [Fact]
    public void Run_NoTerminal_WritesNoEscapeSequence()
    {
        _session.Run("$PSStyle.Foreground.Red + 'red'; [pscustomobject]@{ A = 1 }; Get-Nothing; Get-Command Out-Null");
        Assert.DoesNotContain('\x1b', _output.ToString());
    }

    [Fact]
    public void Run_SecondCommand_SeesTheFirstOnesVariables()
    {
        _session.Run("$x = 41");
        _session.Run("$x + 1");
        Assert.Contains("42", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'fine'", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("throw 'boom'", 1)]
    [InlineData("param([Parameter(Mandatory)] $X) $X", 1)]
    public void RunScript_ScriptsEnd_DecidesTheExitCode(string script, int code) =>
        Assert.Equal(code, _session.RunScript(_folder.Write("it's a script.ps1", System.Text.Encoding.UTF8.GetBytes(script))));

    [Fact]
    public void Run_Exit_IsRemembered()
    {
        _session.Run("exit 3");
        Assert.Equal(3, _session.ExitCode);
    }

    [Fact]
    public async Task StopCommand_WhileOneRuns_EndsItAndLeavesTheSessionUsable()
    {
        using var started = new ManualResetEventSlim();
        _session.SetVariable("started", started);
        var running = Task.Run(() => _session.Run("$started.Set(); while ($true) { }"), TestContext.Current.CancellationToken);
        started.Wait(TestContext.Current.CancellationToken);

        Assert.True(_session.StopCommand());
        Assert.False(await running);
        Assert.False(_session.StopCommand());
        Assert.True(_session.Run("'still here'"));
    }

    [Fact]
    public void Prompt_Lines_AreRunUntilExit()
    {
        using var session = new Session(ScreenOf("$x = 20\n\nif ($x) {\n  $x + 1\n}\nexit 5\n'never'\n"));
        Assert.Equal(5, new CommandPrompt(session, ScreenOf("$x = 20\n\nif ($x) {\n  $x + 1\n}\nexit 5\n'never'\n")).Run());
        Assert.Contains("21", _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("never", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Prompt_EndOfInput_EndsIt() => Assert.Equal(0, new CommandPrompt(_session, ScreenOf("'last'")).Run());

    private Screen ScreenOf(string input) => new(_output, new StringReader(input), isTerminal: false, () => 120, echoesInput: true);
}
