using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Reporting;
using AzsBackup.Model;

namespace AzsBackup.Engine.Comparison;

/// <summary>Writes differences as a page for people.</summary>
public static class ComparisonReport
{
    // A whole resource would bury the page; the capture has it.
    private const int LongestValue = 2000;

    private static readonly JsonSerializerOptions Style = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The page, in UTF-8.</summary>
    /// <param name="reference">What was.</param>
    /// <param name="difference">What is.</param>
    /// <param name="differences">The differences, in order.</param>
    /// <param name="outOfScope">How many resources could not be compared because one side was not made of the place they are in.</param>
    /// <param name="culture">Decides the language.</param>
    public static byte[] ToHtml(
        CaptureContent reference, CaptureContent difference, IReadOnlyList<AzsResourceDifference> differences, int outOfScope, CultureInfo culture)
    {
        var text = ReportText.For(culture);
        var subtitle = text.Format("comparison.subtitle", reference.Stack, Time(reference), difference.Stack, Time(difference));
        return ReportPage.Write(text["page.comparison"], subtitle, text, [(new ReportPart(text["section.changes"], "section-changes"), false)], html =>
        {
            html.Start("section", ("id", "section-changes")).Element("h2", text["section.changes"]).Line();
            WriteCards(html, differences, text);
            if (outOfScope > 0) html.Element("p", text.Format("comparison.outOfScope", outOfScope)).Line();
            if (differences.Count == 0) html.Element("p", text["comparison.none"]).Line();
            else ReportTableHtml.Write(html, Table(differences, text));
            html.End().Line();
        });
    }

    private static void WriteCards(HtmlWriter html, IReadOnlyList<AzsResourceDifference> differences, ReportText text)
    {
        html.Start("ul", ("class", "cards")).Line();
        foreach (var change in Enum.GetValues<AzsResourceChange>())
        {
            var count = differences.Where(one => one.Change == change).Select(one => one.ResourceId).Distinct(StringComparer.OrdinalIgnoreCase).Count();
            if (count == 0 && change is AzsResourceChange.Equal or AzsResourceChange.Unknown) continue;
            html.Start("li").Element("strong", count.ToString(CultureInfo.InvariantCulture)).Element("span", text[$"change.{change}"]).End().Line();
        }

        html.End().Line();
    }

    private static ReportTable Table(IReadOnlyList<AzsResourceDifference> differences, ReportText text) => new(
        "differences",
        text["table.differences"],
        [
            new(text["column.resource"]), new(text["column.type"]), new(text["column.group"]), new(text["column.change"]),
            new(text["column.path"]), new(text["column.reference"]), new(text["column.difference"]),
        ],
        differences.Select(one => new ReportRow(
            [
                ReportCell.Of(one.Name),
                ReportCell.Of(one.Type),
                ReportCell.Of(one.ResourceGroupName),
                ReportCell.Of(text[$"change.{one.Change}"], Tone(one.Change)),
                ReportCell.Of(one.Path ?? one.Reason),
                ReportCell.Of(Value(one, one.ReferenceValue)),
                ReportCell.Of(Value(one, one.DifferenceValue)),
            ])).ToList());

    private static ReportTone Tone(AzsResourceChange change) => change switch
    {
        AzsResourceChange.Added => ReportTone.Good,
        AzsResourceChange.Removed => ReportTone.Bad,
        AzsResourceChange.Equal => ReportTone.Plain,
        _ => ReportTone.Warning,
    };

    private static string? Value(AzsResourceDifference one, object? value)
    {
        if (value is null || one.Change is not AzsResourceChange.Changed) return null;
        var written = value as string ?? JsonSerializer.Serialize(value, Style);
        return written.Length <= LongestValue ? written : written[..LongestValue] + "…";
    }

    private static string Time(CaptureContent content) => content.CapturedAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
