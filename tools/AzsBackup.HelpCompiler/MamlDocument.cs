using System.Management.Automation;
using System.Xml.Linq;

namespace AzsBackup.HelpCompiler;

/// <summary>Commands and their pages in MAML, the XML that Get-Help reads.</summary>
internal static class MamlDocument
{
    private static readonly XNamespace Msh = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>Makes the document.</summary>
    /// <exception cref="HelpException">A page says too little, or names a parameter that does not exist.</exception>
    public static XDocument Create(IReadOnlyList<CmdletInfo> commands, IReadOnlyDictionary<string, HelpPage> pages) => new(
        new XElement(
            Msh + "helpItems",
            new XAttribute("schema", "maml"),
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            commands.Select(command => Describe(command, pages[command.Name]))));

    private static XElement Describe(CmdletInfo command, HelpPage page)
    {
        var texts = page.Parameters;
        Check(command, page, texts);
        return new XElement(
            Command + "command",
            new XElement(
                Command + "details",
                new XElement(Command + "name", command.Name),
                new XElement(Command + "verb", command.Verb),
                new XElement(Command + "noun", command.Noun),
                new XElement(Maml + "description", Paragraph(page.Synopsis))),
            new XElement(Maml + "description", page.Description.Select(Paragraph)),
            new XElement(Command + "syntax", command.ParameterSets.Select(set => Syntax(command, set, texts))),
            new XElement(
                Command + "parameters",
                command.Parameters.Values
                    .Where(parameter => texts.ContainsKey(parameter.Name))
                    .OrderBy(parameter => parameter.Name, StringComparer.Ordinal)
                    .Select(parameter => Parameter(BroadestUse(command, parameter.Name), texts[parameter.Name]))),
            new XElement(Command + "inputTypes", page.Inputs.Select(text => Type(Command + "inputType", text))),
            new XElement(Command + "returnValues", page.Outputs.Select(text => Type(Command + "returnValue", text))),
            page.Notes.Count == 0 ? null : new XElement(Maml + "alertSet", new XElement(Maml + "alert", page.Notes.Select(Paragraph))),
            new XElement(Command + "examples", page.Examples.Select((example, index) => Example(example, index + 1))),
            new XElement(
                Command + "relatedLinks",
                page.Links.Select(link => new XElement(Maml + "navigationLink", new XElement(Maml + "linkText", link.TrimStart('-', ' ')), new XElement(Maml + "uri")))));
    }

    private static void Check(CmdletInfo command, HelpPage page, IReadOnlyDictionary<string, IReadOnlyList<string>> texts)
    {
        if (page.Examples.Count == 0 || page.Examples.Any(example => example.Code.Length == 0))
            throw new HelpException(page.File, "has no example, or one without code");
        if (texts.Keys.FirstOrDefault(name => !command.Parameters.ContainsKey(name)) is { } unknown)
            throw new HelpException(page.File, $"describes -{unknown}, which {command.Name} does not have");
        var silent = command.Parameters.Keys
            .Where(name => !ModuleCommands.CommonParameters.Contains(name))
            .FirstOrDefault(name => texts.GetValueOrDefault(name) is not { Count: > 0 });
        if (silent is not null)
            throw new HelpException(page.File, $"says nothing about -{silent}");
    }

    /// <summary>The parameter in the set where it is asked for most strictly.</summary>
    private static CommandParameterInfo BroadestUse(CmdletInfo command, string name) => command.ParameterSets
        .SelectMany(set => set.Parameters)
        .Where(parameter => parameter.Name == name)
        .OrderByDescending(parameter => parameter.IsMandatory)
        .First();

    private static XElement Syntax(CmdletInfo command, CommandParameterSetInfo set, IReadOnlyDictionary<string, IReadOnlyList<string>> texts) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", command.Name),
        set.Parameters
            .Where(parameter => !PSCmdlet.CommonParameters.Contains(parameter.Name))
            .OrderBy(parameter => parameter.Position < 0 ? int.MaxValue : parameter.Position)
            .ThenByDescending(parameter => parameter.IsMandatory)
            .Select(parameter => Parameter(parameter, texts.GetValueOrDefault(parameter.Name) ?? [])));

    private static XElement Parameter(CommandParameterInfo parameter, IReadOnlyList<string> text)
    {
        var isSwitch = parameter.ParameterType == typeof(SwitchParameter);
        return new XElement(
            Command + "parameter",
            new XAttribute("required", parameter.IsMandatory ? "true" : "false"),
            new XAttribute("globbing", parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any() ? "true" : "false"),
            new XAttribute("pipelineInput", Pipeline(parameter)),
            new XAttribute("position", parameter.Position < 0 ? "named" : parameter.Position.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(Maml + "name", parameter.Name),
            new XElement(Maml + "description", text.Select(Paragraph)),
            isSwitch ? null : new XElement(Command + "parameterValue", new XAttribute("required", "true"), parameter.ParameterType.Name),
            new XElement(Dev + "type", new XElement(Maml + "name", parameter.ParameterType.Name)));
    }

    private static string Pipeline(CommandParameterInfo parameter) => (parameter.ValueFromPipeline, parameter.ValueFromPipelineByPropertyName) switch
    {
        (true, true) => "true (ByValue, ByPropertyName)",
        (true, false) => "true (ByValue)",
        (false, true) => "true (ByPropertyName)",
        _ => "false",
    };

    private static XElement Type(XName name, string text) => new(name, new XElement(Dev + "type", new XElement(Maml + "name", text)));

    private static XElement Example(HelpExample example, int number) => new(
        Command + "example",
        new XElement(Maml + "title", $"--- {number}: {example.Title} ---"),
        new XElement(Dev + "code", example.Code),
        new XElement(Dev + "remarks", example.Remarks.Select(Paragraph)));

    private static XElement Paragraph(string text) => new(Maml + "para", text);
}
