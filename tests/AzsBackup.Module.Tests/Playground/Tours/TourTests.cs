using AzsBackup.Playground.Hosting;
using AzsBackup.Playground.Tours;

namespace AzsBackup.Module.Tests.Playground.Tours;

public sealed class TourTests : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly Session _session;
    private readonly TourStage _stage;

    public TourTests()
    {
        var screen = new Screen(_output, TextReader.Null, isTerminal: false, () => 120, echoesInput: false);
        _session = new Session(screen);
        _stage = new TourStage(_session, screen);
    }

    public void Dispose()
    {
        _session.Dispose();
        _output.Dispose();
    }

    [Fact]
    public async Task PlayAsync_Command_IsShownAsTypedAndThenRun()
    {
        Assert.True(await PlayAsync(new CommandAction("1..3 |\n    ForEach-Object { $_ * 14 }")));
        Assert.Contains("PS> 1..3 |\n>>      ForEach-Object { $_ * 14 }\n14\n28\n42\n", _output.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlayAsync_FailingCommand_EndsTheTourAndSaysWhich()
    {
        Assert.False(await PlayAsync(new CommandAction("throw 'boom'"), new CommandAction("'never'")));
        Assert.Contains("FAILED in step 1, Title. The command failed: throw 'boom'", _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("never", _output.ToString(), StringComparison.Ordinal);
    }

    private Task<bool> PlayAsync(params ITourAction[] actions) => new Tour(
        [new TourStep("Title", "Explanation.", actions)],
        TimeProvider.System).PlayAsync(_stage, TestContext.Current.CancellationToken);
}
