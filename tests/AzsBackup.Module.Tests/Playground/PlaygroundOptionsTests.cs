using AzsBackup.Playground;

namespace AzsBackup.Module.Tests.Playground;

public sealed class PlaygroundOptionsTests
{
    [Fact]
    public void Parse_Nothing_PlaysTheTour()
    {
        var options = PlaygroundOptions.Parse([]);
        Assert.True(options.Tour);
        Assert.False(options.Prompt);
    }

    [Theory]
    [InlineData("--what")]
    [InlineData("--keep")]
    [InlineData("--no-tour")]
    [InlineData("--disk", "/no/such/file")]
    public void Parse_WrongCommandLine_IsRefused(params string[] arguments) =>
        Assert.Throws<PlaygroundException>(() => PlaygroundOptions.Parse(arguments));
}
