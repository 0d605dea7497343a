using System.Globalization;
using System.Management.Automation;
using System.Xml.Linq;

namespace AzsBackup.HelpCompiler;

/// <summary>
/// Writes MAML, the XML that Get-Help reads. What a page says comes from the page; parameters, their help and the syntax come
/// from the command itself, so they can't disagree with it.
/// </summary>
internal static class MamlWriter
{
    private static readonly XNamespace Msh = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>The help file of all commands.</summary>
    public static XDocument Write(IEnumerable<(HelpPage Page, CmdletInfo Cmdlet)> commands) => new(
        new XDeclaration("1.0", "utf-8", null),
        new XElement(
            Msh + "helpItems",
            new XAttribute("schema", "maml"),
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            commands.Select(command => WriteCommand(command.Page, command.Cmdlet))));

    private static XElement WriteCommand(HelpPage page, CmdletInfo cmdlet) => new(
        Command + "command",
        new XElement(
            Command + "details",
            new XElement(Command + "name", cmdlet.Name),
            new XElement(Command + "verb", cmdlet.Verb),
            new XElement(Command + "noun", cmdlet.Noun),
            new XElement(Maml + "description", Paragraphs(page.Synopsis))),
        new XElement(Maml + "description", Paragraphs(page.Description)),
        new XElement(Command + "syntax", cmdlet.ParameterSets.Select(set => new XElement(
            Command + "syntaxItem",
            new XElement(Maml + "name", cmdlet.Name),
            Own(set).Select(WriteParameter)))),
        new XElement(Command + "parameters", cmdlet.ParameterSets
            .OrderByDescending(set => set.IsDefault)
            .SelectMany(Own)
            .DistinctBy(parameter => parameter.Name)
            .OrderBy(parameter => parameter.Name, StringComparer.Ordinal)
            .Select(WriteParameter)),
        new XElement(Command + "returnValues", cmdlet.OutputType.Where(type => type.Type != typeof(void)).Select(type => new XElement(
            Command + "returnValue", new XElement(Dev + "type", new XElement(Maml + "name", type.Name))))),
        new XElement(Maml + "alertSet", new XElement(Maml + "alert", Paragraphs(page.Notes))),
        new XElement(Command + "examples", page.Examples.Select(example => new XElement(
            Command + "example",
            new XElement(Maml + "title", $"-------- {example.Title} --------"),
            new XElement(Dev + "code", example.Code),
            new XElement(Dev + "remarks", Paragraphs(example.Remarks))))));

    private static IEnumerable<CommandParameterInfo> Own(CommandParameterSetInfo set) => set.Parameters
        .Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name))
        .OrderBy(parameter => parameter.Position < 0 ? int.MaxValue : parameter.Position)
        .ThenByDescending(parameter => parameter.IsMandatory)
        .ThenBy(parameter => parameter.Name, StringComparer.Ordinal);

    private static XElement WriteParameter(CommandParameterInfo parameter)
    {
        var isSwitch = parameter.ParameterType == typeof(SwitchParameter);
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        var pipeline = (parameter.ValueFromPipeline, parameter.ValueFromPipelineByPropertyName) switch
        {
            (true, true) => "true (ByValue, ByPropertyName)",
            (true, false) => "true (ByValue)",
            (false, true) => "true (ByPropertyName)",
            _ => "false",
        };
        return new XElement(
            Command + "parameter",
            new XAttribute("required", parameter.IsMandatory),
            new XAttribute("globbing", parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any()),
            new XAttribute("pipelineInput", pipeline),
            new XAttribute("position", parameter.Position < 0 ? "named" : parameter.Position.ToString(CultureInfo.InvariantCulture)),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(Maml + "name", parameter.Name),
            new XElement(Maml + "description", Paragraphs([HelpOf(parameter)])),
            isSwitch ? null : new XElement(Command + "parameterValue", new XAttribute("required", "true"), type.Name),
            new XElement(Dev + "type", new XElement(Maml + "name", type.Name)));
    }

    private static string HelpOf(CommandParameterInfo parameter) => parameter.Name switch
    {
        "WhatIf" => "Say what would be done, and do nothing.",
        "Confirm" => "Ask before anything is done.",
        _ when !string.IsNullOrWhiteSpace(parameter.HelpMessage) => parameter.HelpMessage,
        _ => throw new FormatException($"Parameter -{parameter.Name} has no HelpMessage."),
    };

    private static IEnumerable<XElement> Paragraphs(IEnumerable<string> texts) => texts.Select(text => new XElement(Maml + "para", text));
}
