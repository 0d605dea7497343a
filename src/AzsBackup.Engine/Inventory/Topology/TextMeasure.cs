using System.Globalization;

namespace AzsBackup.Engine.Inventory.Topology;

/// <summary>
/// Estimates how wide a text will be, without knowing the font: rather too wide than too narrow, so that what is laid out by it
/// does not overlap in any usual sans-serif font.
/// </summary>
internal static class TextMeasure
{
    /// <summary>The width in user units.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">The font's size in user units.</param>
    /// <param name="isBold">Whether it is set in bold.</param>
    public static double Width(string text, double size, bool isBold)
    {
        var ems = 0.0;
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext()) ems += Ems(elements.GetTextElement());
        return ems * size * (isBold ? 1.08 : 1);
    }

    /// <summary>The text, cut with an ellipsis so that it is no wider than the limit.</summary>
    public static string Fit(string text, double limit, double size, bool isBold)
    {
        if (Width(text, size, isBold) <= limit) return text;
        var cut = new System.Text.StringBuilder();
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext() && Width($"{cut}{elements.GetTextElement()}…", size, isBold) <= limit) cut.Append(elements.GetTextElement());
        return cut.Append('…').ToString();
    }

    private static double Ems(string element) => element.Length > 1 ? 1.6 : element[0] switch
    {
        'W' or 'M' or 'm' or '@' or '%' or '…' or 'w' or '—' or '→' => 1.0,
        >= 'A' and <= 'Z' => 0.76,
        >= '0' and <= '9' => 0.64,
        'i' or 'j' or 'l' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' or ' ' => 0.36,
        'f' or 't' or 'r' or '(' or ')' or '[' or ']' or '/' or '-' or '·' => 0.46,
        < '\u0080' => 0.66,
        < '\u2E80' => 0.85,
        _ => 1.05,
    };
}
