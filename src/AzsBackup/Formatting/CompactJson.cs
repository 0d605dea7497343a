using System.Collections;
using System.Globalization;
using System.Text;

namespace AzsBackup.Formatting;

/// <summary>
/// Writes plain values as JSON on one line. The runtime's own writer won't do: commands live in the default context, where PowerShell
/// 7.4 has an older System.Text.Json than the one this project is compiled against.
/// </summary>
internal static class CompactJson
{
    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case bool truth:
                text.Append(truth ? "true" : "false");
                break;
            case IDictionary map:
                WriteItems(text, '{', map.Cast<DictionaryEntry>(), '}', property =>
                {
                    WriteText(text, Convert.ToString(property.Key, CultureInfo.InvariantCulture)!);
                    text.Append(':');
                    Write(text, property.Value);
                });
                break;
            case not string and IEnumerable list:
                WriteItems(text, '[', list.Cast<object?>(), ']', item => Write(text, item));
                break;
            case sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal:
                text.Append(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
            default:
                WriteText(text, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
                break;
        }
    }

    private static void WriteItems<T>(StringBuilder text, char open, IEnumerable<T> items, char close, Action<T> write)
    {
        text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            if (!first) text.Append(',');
            first = false;
            write(item);
        }

        text.Append(close);
    }

    private static void WriteText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var character in value)
        {
            if (character is '"' or '\\') text.Append('\\').Append(character);
            else if (char.IsControl(character)) text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else text.Append(character);
        }

        text.Append('"');
    }
}
