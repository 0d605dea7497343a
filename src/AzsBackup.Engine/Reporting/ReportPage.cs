using System.Security.Cryptography;
using System.Text;

namespace AzsBackup.Engine.Reporting;

/// <summary>
/// The frame of every report: one HTML file that needs nothing else and may load nothing else. Its content security policy
/// allows the one style sheet and the one script in it, by their hashes, and no connection, image, frame or form.
/// </summary>
internal static class ReportPage
{
    private static readonly string Style = ReportAsset.Read("report.css");
    private static readonly string Script = ReportAsset.Read("report.js");

    /// <summary>Writes a page.</summary>
    /// <param name="title">Its title, also its first heading.</param>
    /// <param name="subtitle">What stands below the title.</param>
    /// <param name="text">The report's words.</param>
    /// <param name="links">The list of contents: where each entry leads, what it says, and whether it is below the one before.</param>
    /// <param name="body">Writes the sections.</param>
    public static byte[] Write(
        string title, string subtitle, ReportText text, IReadOnlyList<(ReportPart Link, bool IsBelow)> links, Action<HtmlWriter> body)
    {
        var html = new HtmlWriter();
        html.Start("html", ("lang", text.Language)).Line().Start("head").Line();
        html.Void("meta", ("charset", "utf-8")).Line();
        html.Void("meta", ("http-equiv", "Content-Security-Policy"), ("content",
            $"default-src 'none'; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; base-uri 'none'; form-action 'none'")).Line();
        html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1")).Line();
        html.Void("meta", ("name", "referrer"), ("content", "no-referrer")).Line();
        html.Void("meta", ("name", "color-scheme"), ("content", "light dark")).Line();
        html.Element("title", title).Line().Asset("style", Style).Line().End().Line();
        html.Start("body", ("data-filter", text["page.filter"]), ("data-sort", text["page.sort"]), ("data-none", text["page.none"])).Line();
        html.Element("a", text["page.skip"], ("class", "skip"), ("href", "#content")).Line();
        html.Start("header").Element("h1", title).Element("p", subtitle).End().Line();
        WriteContents(html, text, links);
        html.Start("main", ("id", "content")).Line();
        body(html);
        html.End().Line().Asset("script", Script).Line().End().Line().End().Line();
        return Encoding.UTF8.GetBytes("<!DOCTYPE html>\n" + html);
    }

    private static void WriteContents(HtmlWriter html, ReportText text, IReadOnlyList<(ReportPart Link, bool IsBelow)> links)
    {
        html.Start("nav", ("aria-label", text["page.contents"])).Start("ul").Line();
        foreach (var (link, isBelow) in links)
        {
            html.Start("li", ("class", isBelow ? "below" : null)).Element("a", link.Text, ("href", "#" + link.Target)).End().Line();
        }

        html.End().End().Line();
    }

    private static string Hash(string content) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
