using System.Text;

namespace AzsBackup.Emulator.Arm;

/// <summary>ARM reads property names without quotation marks, and Azure CLI relies on it: it puts a template's text into the body as <c>template:{...}</c> (recorded: az group deployment create).</summary>
internal static class LenientJson
{
    /// <summary>The text with quotation marks around bare property names.</summary>
    public static string Quote(string text)
    {
        StringBuilder result = new(text.Length + 16);
        for (int i = 0; i < text.Length;)
        {
            int end = text[i] == '"' ? EndOfString(text, i) : IsNameStart(text[i]) ? EndOfName(text, i) : i + 1;
            bool isBareName = IsNameStart(text[i]) && IsFollowedByColon(text, end);
            if (isBareName)
                result.Append('"');
            result.Append(text, i, end - i);
            if (isBareName)
                result.Append('"');
            i = end;
        }

        return result.ToString();
    }

    private static bool IsNameStart(char c) => char.IsLetter(c) || c is '_' or '$';

    private static int EndOfString(string text, int start)
    {
        int i = start + 1;
        while (i < text.Length && text[i] != '"')
            i += text[i] == '\\' ? 2 : 1;
        return Math.Min(i + 1, text.Length);
    }

    private static int EndOfName(string text, int start)
    {
        int i = start;
        while (i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] is '_' or '$'))
            i++;
        return i;
    }

    private static bool IsFollowedByColon(string text, int start)
    {
        int i = start;
        while (i < text.Length && char.IsWhiteSpace(text[i]))
            i++;
        return i < text.Length && text[i] == ':';
    }
}
