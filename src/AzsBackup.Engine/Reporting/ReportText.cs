using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace AzsBackup.Engine.Reporting;

/// <summary>The words of reports in one language: English, or Japanese for Japanese cultures. Safe for concurrent use.</summary>
public sealed class ReportText
{
    private static readonly ConcurrentDictionary<string, ReportText> Languages = new();

    private readonly Dictionary<string, string> _texts;

    private ReportText(string language)
    {
        Language = language;
        using var stream = ReportAsset.Open($"texts-{language}.json");
        _texts = JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!;
    }

    /// <summary>The language's code, for example <c>ja</c>.</summary>
    public string Language { get; }

    /// <summary>The text of a key.</summary>
    /// <exception cref="KeyNotFoundException">There is no such text: a mistake in the code.</exception>
    public string this[string key] => _texts[key];

    /// <summary>The words for a culture.</summary>
    public static ReportText For(CultureInfo culture) =>
        Languages.GetOrAdd(culture.TwoLetterISOLanguageName == "ja" ? "ja" : "en", language => new ReportText(language));

    /// <summary>The text of a key, or what to say where there is none.</summary>
    public string Find(string key, string otherwise) => _texts.GetValueOrDefault(key, otherwise);

    /// <summary>The text of a key with values put in.</summary>
    public string Format(string key, params object?[] values) => string.Format(CultureInfo.InvariantCulture, _texts[key], values);
}
