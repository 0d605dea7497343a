using System.Text;

namespace AzsBackup.Engine.Reporting;

/// <summary>
/// Writes HTML and SVG. Every text and every attribute's value is escaped: there is no way to write markup that came from
/// outside. Lines end with LF. Tag and attribute names are the code's own.
/// </summary>
public sealed class HtmlWriter
{
    private readonly StringBuilder _html = new();
    private readonly Stack<string> _open = new();

    /// <summary>Starts an element. An attribute whose value is null is left out.</summary>
    public HtmlWriter Start(string tag, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        WriteTag(tag, attributes).Append('>');
        _open.Push(tag);
        return this;
    }

    /// <summary>Writes an element that has no content and no end.</summary>
    public HtmlWriter Void(string tag, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        WriteTag(tag, attributes).Append('>');
        return this;
    }

    /// <summary>Writes an element with a text in it.</summary>
    public HtmlWriter Element(string tag, string text, params ReadOnlySpan<(string Name, string? Value)> attributes) =>
        Start(tag, attributes).Text(text).End();

    /// <summary>Ends the element started last.</summary>
    public HtmlWriter End()
    {
        _html.Append("</").Append(_open.Pop()).Append('>');
        return this;
    }

    /// <summary>Writes a text.</summary>
    public HtmlWriter Text(string text)
    {
        Escape(text);
        return this;
    }

    /// <summary>Starts a new line of the file, for people who read it as text.</summary>
    public HtmlWriter Line()
    {
        _html.Append('\n');
        return this;
    }

    /// <summary>Writes the project's own style sheet or script, which must not be escaped.</summary>
    internal HtmlWriter Asset(string tag, string content)
    {
        _html.Append('<').Append(tag).Append('>').Append(content).Append("</").Append(tag).Append('>');
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _open.Count == 0
        ? _html.ToString() : throw new InvalidOperationException($"The element '{_open.Peek()}' is not ended.");

    private StringBuilder WriteTag(string tag, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _html.Append('<').Append(tag);
        foreach (var (name, value) in attributes)
        {
            if (value is null) continue;
            _html.Append(' ').Append(name).Append("=\"");
            Escape(value);
            _html.Append('"');
        }

        return _html;
    }

    private void Escape(string text)
    {
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '&' => _html.Append("&amp;"),
                '<' => _html.Append("&lt;"),
                '>' => _html.Append("&gt;"),
                '"' => _html.Append("&quot;"),
                '\'' => _html.Append("&#39;"),
                '\n' or '\t' => _html.Append(letter),
                _ when char.IsControl(letter) => _html.Append('\uFFFD'),
                _ => _html.Append(letter),
            };
        }
    }
}
