using System.Globalization;

namespace AzsBackup.Engine.Reporting;

/// <summary>One cell of a table, the same for a page and for a CSV file.</summary>
/// <param name="Parts">Its pieces; none for an empty cell.</param>
/// <param name="Tone">How it is meant.</param>
public sealed record ReportCell(IReadOnlyList<ReportPart> Parts, ReportTone Tone = ReportTone.Plain)
{
    /// <summary>A cell with nothing in it.</summary>
    public static ReportCell Empty { get; } = new([]);

    /// <summary>The pieces as one text.</summary>
    public string Text => string.Join("; ", Parts.Select(part => part.Text));

    /// <summary>A text; empty for null.</summary>
    public static ReportCell Of(string? text, ReportTone tone = ReportTone.Plain) =>
        string.IsNullOrEmpty(text) ? Empty : new([new ReportPart(text)], tone);

    /// <summary>A whole number.</summary>
    public static ReportCell Of(long? number) => Of(number?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Several pieces.</summary>
    public static ReportCell Of(IEnumerable<ReportPart> parts) => new(parts.ToList());

    /// <summary>Several texts.</summary>
    public static ReportCell Of(IEnumerable<string> texts) => Of(texts.Select(text => new ReportPart(text)));

    /// <summary>A time (UTC).</summary>
    public static ReportCell Of(DateTime? time) => Of(time?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));

    /// <summary>A text that leads to an element of the page.</summary>
    public static ReportCell Link(string text, string target) => new([new ReportPart(text, target)]);
}
