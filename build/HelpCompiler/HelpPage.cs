using Markdig;
using Markdig.Syntax;

namespace AzsBackup.HelpCompiler;

/// <summary>One command's page: <c># Name</c>, then SYNOPSIS, DESCRIPTION, EXAMPLES and, if wanted, NOTES.</summary>
internal sealed record HelpPage(
    string Name,
    IReadOnlyList<string> Synopsis,
    IReadOnlyList<string> Description,
    IReadOnlyList<HelpExample> Examples,
    IReadOnlyList<string> Notes)
{
    private static readonly string[] Known = ["SYNOPSIS", "DESCRIPTION", "EXAMPLES", "NOTES"];

    /// <summary>Reads a page.</summary>
    /// <exception cref="FormatException">A section is missing, unknown or empty.</exception>
    public static HelpPage Read(string file)
    {
        var text = File.ReadAllText(file).ReplaceLineEndings("\n");
        string? name = null;
        var section = "";
        var sections = Known.ToDictionary(title => title, _ => new List<string>());
        var examples = new List<HelpExample>();
        foreach (var block in Markdown.Parse(text))
        {
            var source = text.Substring(block.Span.Start, block.Span.Length).Trim();
            switch (block)
            {
                case HeadingBlock { Level: 1 }:
                    name = source[1..].Trim();
                    break;
                case HeadingBlock { Level: 2 }:
                    section = source[2..].Trim();
                    if (!sections.ContainsKey(section)) throw new FormatException($"{file}: there is no section '{section}'.");
                    break;
                case HeadingBlock when section == "EXAMPLES":
                    examples.Add(new HelpExample(source.TrimStart('#').Trim(), "", []));
                    break;
                case FencedCodeBlock code when examples.Count > 0 && section == "EXAMPLES":
                    examples[^1] = examples[^1] with { Code = code.Lines.ToString().Trim() };
                    break;
                case ParagraphBlock or ListBlock when section == "EXAMPLES" && examples.Count > 0:
                    examples[^1] = examples[^1] with { Remarks = [.. examples[^1].Remarks, Plain(source)] };
                    break;
                case ParagraphBlock or ListBlock when section.Length > 0:
                    sections[section].Add(Plain(source));
                    break;
                default:
                    throw new FormatException($"{file}: line {block.Line + 1} belongs to no section.");
            }
        }

        if (name is null || sections["SYNOPSIS"].Count == 0 || sections["DESCRIPTION"].Count == 0)
            throw new FormatException($"{file}: a page has a name, a SYNOPSIS and a DESCRIPTION.");
        if (examples.Count == 0 || examples.Exists(example => example.Code.Length == 0))
            throw new FormatException($"{file}: a page has EXAMPLES, each with a block of code.");
        return new HelpPage(name, sections["SYNOPSIS"], sections["DESCRIPTION"], examples, sections["NOTES"]);
    }

    // The console shows text as it is: the marks of Markdown go, and a paragraph is one line that the console breaks.
    private static string Plain(string markdown) => markdown.StartsWith("- ", StringComparison.Ordinal)
        ? markdown.Replace("`", "", StringComparison.Ordinal)
        : markdown.Replace('\n', ' ').Replace("`", "", StringComparison.Ordinal).Replace("**", "", StringComparison.Ordinal);
}
