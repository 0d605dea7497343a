using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace AzsBackup.HelpCompiler;

/// <summary>
/// A command's page: Markdown with the second-level headings of PlatyPS. SYNOPSIS, DESCRIPTION, EXAMPLES and PARAMETERS must be
/// there; INPUTS, OUTPUTS, NOTES and LINKS may. Each example and parameter has a third-level heading of its own. Types, positions
/// and the syntax are not written down: they come from the command itself.
/// </summary>
internal sealed class HelpPage
{
    private readonly Dictionary<string, List<Block>> _sections;

    private HelpPage(string file, Dictionary<string, List<Block>> sections) => (File, _sections) = (file, sections);

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>One sentence.</summary>
    public string Synopsis => string.Join(' ', Paragraphs(Required("SYNOPSIS")));

    /// <summary>The paragraphs of the description.</summary>
    public IReadOnlyList<string> Description => Paragraphs(Required("DESCRIPTION"));

    /// <summary>What the pipeline may hold.</summary>
    public IReadOnlyList<string> Inputs => Paragraphs(Optional("INPUTS"));

    /// <summary>What comes out.</summary>
    public IReadOnlyList<string> Outputs => Paragraphs(Optional("OUTPUTS"));

    /// <summary>Remarks.</summary>
    public IReadOnlyList<string> Notes => Paragraphs(Optional("NOTES"));

    /// <summary>The commands to read about next.</summary>
    public IReadOnlyList<string> Links => Paragraphs(Optional("LINKS"));

    /// <summary>The examples.</summary>
    public IReadOnlyList<HelpExample> Examples =>
    [
        .. Parts("EXAMPLES").Select(part => new HelpExample(
            part.Title,
            string.Join('\n', part.Blocks.OfType<CodeBlock>().Select(code => code.Lines.ToString())),
            Paragraphs(part.Blocks))),
    ];

    /// <summary>The paragraphs about each parameter, by its name without the dash.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Parameters =>
        Parts("PARAMETERS").ToDictionary(part => part.Title.TrimStart('-'), part => (IReadOnlyList<string>)Paragraphs(part.Blocks), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a page.</summary>
    /// <exception cref="HelpException">There is none, or a heading stands where none may.</exception>
    public static HelpPage Read(string file)
    {
        if (!System.IO.File.Exists(file))
            throw new HelpException(file, "is missing");
        var sections = new Dictionary<string, List<Block>>(StringComparer.Ordinal);
        List<Block>? section = null;
        foreach (var block in Markdown.Parse(System.IO.File.ReadAllText(file)))
        {
            if (block is HeadingBlock { Level: 1 })
                continue;
            if (block is HeadingBlock { Level: 2 } heading)
                sections.Add(Text(heading.Inline), section = []);
            else if (section is null)
                throw new HelpException(file, "holds text before its first section");
            else
                section.Add(block);
        }

        return new HelpPage(file, sections);
    }

    private List<Block> Required(string name) =>
        _sections.GetValueOrDefault(name) is { Count: > 0 } blocks ? blocks : throw new HelpException(File, $"has no {name}");

    private List<Block> Optional(string name) => _sections.GetValueOrDefault(name) ?? [];

    private List<(string Title, List<Block> Blocks)> Parts(string section)
    {
        List<(string Title, List<Block> Blocks)> parts = [];
        foreach (var block in Required(section))
        {
            if (block is HeadingBlock { Level: 3 } heading)
                parts.Add((Text(heading.Inline), []));
            else if (parts.Count == 0)
                throw new HelpException(File, $"holds text in {section} before the first heading");
            else
                parts[^1].Blocks.Add(block);
        }

        return parts;
    }

    private static List<string> Paragraphs(IEnumerable<Block> blocks) =>
    [
        .. blocks.SelectMany(block => block switch
        {
            ListBlock list => list.OfType<ListItemBlock>().Select(item => "- " + string.Join(' ', Paragraphs(item))),
            ParagraphBlock paragraph => [Text(paragraph.Inline)],
            _ => [],
        }),
    ];

    private static string Text(ContainerInline? inlines) => string.Concat((inlines ?? []).Select(inline => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        LineBreakInline => " ",
        ContainerInline container => Text(container),
        _ => inline.ToString() ?? "",
    }));
}
