using System.Management.Automation.Language;
using System.Xml.Linq;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Help;

public sealed class HelpTests
{
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>The build makes sure that every command has its page; this, that the engine finds what was built.</summary>
    [Theory]
    [InlineData("en-US")]
    [InlineData("ja-JP")]
    public void GetHelp_EveryCommand_ShowsThePageOfTheCulture(string culture)
    {
        using var host = ModuleHost.WithModule();
        var shown = host.Set("culture", culture).Invoke("""
            [cultureinfo]::CurrentUICulture = $culture
            (Get-Module AzsBackup).ExportedCommands.Keys | ForEach-Object { "$_`t$((Get-Help $_).Synopsis)" }
            """).Succeeded();
        Assert.NotEmpty(shown);
        Assert.All(shown.Cast<string>(), line =>
        {
            var (command, synopsis) = (line.Split('\t')[0], line.Split('\t')[1]);
            var page = File.ReadAllText(Path.Combine(BuiltModule.Root, "module", "help", culture, command + ".md"));
            Assert.Contains($"## SYNOPSIS\n\n{synopsis}\n", page, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("en-US")]
    [InlineData("ja-JP")]
    public void Examples_OfEveryCommand_ParseAndUseParametersThatExist(string culture)
    {
        using var host = ModuleHost.WithModule();
        var parameters = host
            .Invoke("(Get-Module AzsBackup).ExportedCommands.Values | ForEach-Object { \"$($_.Name) $($_.Parameters.Keys)\" }").Succeeded()
            .Cast<string>().ToDictionary(line => line.Split(' ')[0], line => line.Split(' ')[1..], StringComparer.OrdinalIgnoreCase);
        var help = XDocument.Load(Path.Combine(BuiltModule.Root, culture, "AzsBackup.dll-Help.xml"));
        var examples = help.Descendants(Dev + "code").Select(code => code.Value).ToList();

        Assert.True(examples.Count >= parameters.Count);
        Assert.All(examples, example =>
        {
            var script = Parser.ParseInput(example, out _, out var errors);
            Assert.Empty(errors);
            foreach (var command in script.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>())
            {
                if (!parameters.TryGetValue(command.GetCommandName() ?? "", out var known))
                    continue;
                Assert.All(
                    command.CommandElements.OfType<CommandParameterAst>(),
                    used => Assert.Contains(used.ParameterName, known, StringComparer.OrdinalIgnoreCase));
            }
        });
    }
}
