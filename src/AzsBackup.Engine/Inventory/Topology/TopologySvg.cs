using System.Globalization;
using AzsBackup.Engine.Reporting;

namespace AzsBackup.Engine.Inventory.Topology;

/// <summary>Writes a drawing as SVG into a page, whose style sheet colours it.</summary>
internal static class TopologySvg
{
    /// <summary>Writes it.</summary>
    /// <param name="html">The page.</param>
    /// <param name="drawing">The drawing.</param>
    /// <param name="title">What it is.</param>
    /// <param name="description">What it shows, for those who can't see it.</param>
    public static void Write(HtmlWriter html, TopologyDrawing drawing, string title, string description)
    {
        html.Start("div", ("class", "drawing"), ("tabindex", "0"), ("role", "region"), ("aria-label", title));
        html.Start("svg", ("xmlns", "http://www.w3.org/2000/svg"), ("viewBox", $"0 0 {Number(drawing.Width)} {Number(drawing.Height)}"),
            ("role", "group"), ("aria-labelledby", "topology-title"), ("aria-describedby", "topology-description")).Line();
        html.Element("title", title, ("id", "topology-title")).Element("desc", description, ("id", "topology-description")).Line();
        foreach (var box in drawing.Boxes) Write(html, box);
        foreach (var line in drawing.Lines) Write(html, line);
        html.End().End().Line();
    }

    private static void Write(HtmlWriter html, TopologyBox box)
    {
        if (box.Target is not null) html.Start("a", ("href", "#" + box.Target), ("aria-label", box.Title));
        else html.Start("g");
        html.Element("title", box.Title);
        html.Start("rect", ("class", box.Style), ("x", Number(box.X)), ("y", Number(box.Y)), ("width", Number(box.Width)), ("height", Number(box.Height)),
            ("rx", box.Style == "chip" ? "4" : "7")).End();
        if (box.Mark is not null)
        {
            html.Start("rect", ("class", "mark-" + box.Mark), ("x", Number(box.X)), ("y", Number(box.Y)), ("width", "5"), ("height", Number(box.Height)), ("rx", "2")).End();
        }

        if (box.IsPublic) html.Start("circle", ("class", "mark-public"), ("cx", Number(box.Right - 9)), ("cy", Number(box.Y + 9)), ("r", "4")).End();
        foreach (var text in box.Texts)
        {
            if (text.Target is not null) html.Start("a", ("href", "#" + text.Target));
            html.Element("text", text.Text, ("x", Number(text.X)), ("y", Number(text.Baseline)), ("font-size", Number(text.Size)),
                ("font-weight", text.IsBold ? "600" : null), ("class", text.IsMinor ? "minor" : null));
            if (text.Target is not null) html.End();
        }

        foreach (var inner in box.Boxes) Write(html, inner);
        html.End().Line();
    }

    private static void Write(HtmlWriter html, TopologyLine line)
    {
        var path = string.Join(' ', line.Pieces.Select(piece => $"M{Number(piece.X1)} {Number(piece.Y1)}L{Number(piece.X2)} {Number(piece.Y2)}"));
        html.Start("g").Element("title", line.Title);
        html.Start("path", ("class", line.Style), ("d", path)).End();
        foreach (var (x, y) in line.Dots) html.Start("circle", ("class", line.Style == "internet" ? "mark-public" : "dot"), ("cx", Number(x)), ("cy", Number(y)), ("r", "3")).End();
        html.End().Line();
    }

    private static string Number(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);
}
