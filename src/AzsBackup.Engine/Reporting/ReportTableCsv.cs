using System.Text;

namespace AzsBackup.Engine.Reporting;

/// <summary>
/// Writes tables as CSV (RFC 4180: comma, CRLF, quotes doubled), in UTF-8 with a mark, without which spreadsheets take it for
/// another encoding. A text that a spreadsheet would take for a formula gets an apostrophe in front.
/// </summary>
internal static class ReportTableCsv
{
    /// <summary>The table as a file's content.</summary>
    public static byte[] Write(ReportTable table)
    {
        var csv = new StringBuilder();
        AppendLine(csv, table.Columns.Select(column => column.Title));
        foreach (var row in table.Rows) AppendLine(csv, row.Cells.Select(cell => cell.Text));
        return [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(csv.ToString())];
    }

    private static void AppendLine(StringBuilder csv, IEnumerable<string> texts) => csv.AppendJoin(',', texts.Select(Field)).Append("\r\n");

    private static string Field(string text)
    {
        // https://owasp.org/www-community/attacks/CSV_Injection
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '＝' or '＋' or '－' or '＠') text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
