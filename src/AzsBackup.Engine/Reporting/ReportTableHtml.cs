namespace AzsBackup.Engine.Reporting;

/// <summary>Writes tables into a page. The page's script lets people sort them and filter their rows; they read well without.</summary>
internal static class ReportTableHtml
{
    /// <summary>Writes a table. A column that is empty in every row is left out.</summary>
    /// <param name="html">The page.</param>
    /// <param name="table">The table; its title is its caption.</param>
    /// <param name="isCaptionShown">Whether the caption is to be seen, or only read out because a heading says the same.</param>
    public static void Write(HtmlWriter html, ReportTable table, bool isCaptionShown = false)
    {
        var shown = Enumerable.Range(0, table.Columns.Count).Where(index => index == 0 || table.Rows.Any(row => row.Cells[index].Parts.Count > 0)).ToList();
        html.Start("div", ("class", "table"), ("tabindex", "0"), ("role", "region"), ("aria-label", table.Title)).Start("table").Line();
        html.Element("caption", table.Title, ("class", isCaptionShown ? null : "unseen"));
        html.Start("thead").Start("tr");
        foreach (var column in shown.Select(index => table.Columns[index])) html.Element("th", column.Title, ("scope", "col"), ("class", column.IsNumber ? "number" : null));
        html.End().End().Line().Start("tbody").Line();
        foreach (var row in table.Rows)
        {
            html.Start("tr", ("id", row.Anchor));
            foreach (var index in shown) WriteCell(html, table.Columns[index], row.Cells[index], index == 0);
            html.End().Line();
        }

        html.End().End().End().Line();
    }

    private static void WriteCell(HtmlWriter html, ReportColumn column, ReportCell cell, bool isName)
    {
        var style = column.IsNumber ? "number" : null;
        if (isName) html.Start("th", ("scope", "row"), ("class", style));
        else html.Start("td", ("class", style));

        var tone = cell.Tone switch
        {
            ReportTone.Good => "good",
            ReportTone.Warning => "warning",
            ReportTone.Bad => "bad",
            _ => null,
        };
        if (tone is not null) html.Start("span", ("class", "tone " + tone));
        for (var index = 0; index < cell.Parts.Count; index++)
        {
            if (index > 0) html.Void("br");
            var part = cell.Parts[index];
            if (part.Target is null) html.Text(part.Text);
            else html.Element("a", part.Text, ("href", "#" + part.Target));
        }

        if (tone is not null) html.End();
        html.End();
    }
}
