using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Deployments.Expressions;

/// <summary>Reads template expressions: literals, calls, properties and indexes (learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions).</summary>
internal sealed class ExpressionParser
{
    private readonly string _text;
    private int _at;

    private ExpressionParser(string text) => _text = text;

    /// <summary>The expression in a template's text, or <see langword="null"/> if the text is only text.</summary>
    public static TemplateExpression? TryParse(string text)
    {
        if (text.Length < 3 || text[0] != '[' || text[1] == '[' || text[^1] != ']')
            return null;
        ExpressionParser parser = new(text[1..^1]);
        TemplateExpression? expression = parser.Read();
        parser.SkipSpace();
        return parser._at == parser._text.Length ? expression : null;
    }

    private TemplateExpression? Read()
    {
        SkipSpace();
        TemplateExpression? expression = Peek() switch
        {
            '\'' => ReadText(),
            '-' or (>= '0' and <= '9') => ReadNumber(),
            _ => ReadCall(),
        };
        while (expression is not null)
        {
            SkipSpace();
            if (Take('.'))
            {
                string name = ReadName();
                expression = name.Length == 0 ? null : new TemplateExpression.Member(expression, name);
            }
            else if (Take('['))
                expression = Read() is { } key && TakeAfterSpace(']') ? new TemplateExpression.Index(expression, key) : null;
            else
                break;
        }

        return expression;
    }

    private TemplateExpression.Literal? ReadText()
    {
        StringBuilder text = new();
        for (_at++; _at < _text.Length; _at++)
        {
            if (_text[_at] != '\'')
                text.Append(_text[_at]);
            else if (_at + 1 < _text.Length && _text[_at + 1] == '\'')
                text.Append(_text[_at++]);
            else
            {
                _at++;
                return new TemplateExpression.Literal(JsonValue.Create(text.ToString()));
            }
        }

        return null;
    }

    private TemplateExpression.Literal? ReadNumber()
    {
        int start = _at++;
        while (char.IsAsciiDigit(Peek()))
            _at++;
        return long.TryParse(_text.AsSpan(start, _at - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? new TemplateExpression.Literal(JsonValue.Create(number))
            : null;
    }

    private TemplateExpression? ReadCall()
    {
        string name = ReadName();
        while (name.Length > 0 && Take('.'))
            name += "." + ReadName();
        if (name.Length == 0)
            return null;
        SkipSpace();
        if (!Take('('))
        {
            return name switch
            {
                "true" => new TemplateExpression.Literal(JsonValue.Create(true)),
                "false" => new TemplateExpression.Literal(JsonValue.Create(false)),
                "null" => new TemplateExpression.Literal(null),
                _ => null,
            };
        }

        List<TemplateExpression> arguments = [];
        if (TakeAfterSpace(')'))
            return new TemplateExpression.Call(name, arguments);
        while (Read() is { } argument)
        {
            arguments.Add(argument);
            if (TakeAfterSpace(')'))
                return new TemplateExpression.Call(name, arguments);
            if (!Take(','))
                return null;
        }

        return null;
    }

    private string ReadName()
    {
        int start = _at;
        while (char.IsAsciiLetterOrDigit(Peek()) || Peek() is '_' or '$')
            _at++;
        return _text[start.._at];
    }

    private char Peek() => _at < _text.Length ? _text[_at] : '\0';

    private bool Take(char wanted)
    {
        if (Peek() != wanted)
            return false;
        _at++;
        return true;
    }

    private bool TakeAfterSpace(char wanted)
    {
        SkipSpace();
        return Take(wanted);
    }

    private void SkipSpace()
    {
        while (char.IsWhiteSpace(Peek()))
            _at++;
    }
}
