using AzsBackup.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Hosting;

public sealed class CommandLineTests
{
    [Fact]
    public void Parse_NothingSaid_TakesTheVersionOfDebiansAzureCliOnly()
    {
        var accepted = Assert.Single(CommandLine.Parse([]).AcceptedApiVersions);

        Assert.Equal("Microsoft.Network", accepted.Key);
        Assert.Equal(["2022-07-01"], accepted.Value);
    }

    [Fact]
    public void Parse_StrictApiVersions_TakesOnlyWhatIsNamedAfterwards()
    {
        Assert.Empty(CommandLine.Parse(["--strict-api-versions"]).AcceptedApiVersions);
        Assert.Equal(
            ["Microsoft.Storage"],
            CommandLine.Parse(["--strict-api-versions", "--accept-api-version", "Microsoft.Storage=2021-01-01"]).AcceptedApiVersions.Keys);
    }

    [Theory]
    [InlineData("--accept-api-version", "Microsoft.Network")]
    [InlineData("--port", "65536")]
    [InlineData("--region", "a b")]
    [InlineData("--role", "King")]
    [InlineData("--identity", "kerberos")]
    [InlineData("--nonsense", "1")]
    public void Parse_BadArgument_SaysWhichAndWhy(string name, string value)
    {
        var failure = Assert.Throws<FormatException>(() => CommandLine.Parse([name, value]));

        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ArgumentWithoutItsValue_SaysSo() =>
        Assert.Contains("--state", Assert.Throws<FormatException>(() => CommandLine.Parse(["--state"])).Message, StringComparison.Ordinal);
}
