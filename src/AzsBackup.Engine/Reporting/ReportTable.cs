namespace AzsBackup.Engine.Reporting;

/// <summary>A table, the same for a page and for a CSV file.</summary>
/// <param name="Name">A name for files: lower-case letters, digits, dots, hyphens and underscores.</param>
/// <param name="Title">Its title, in the report's language.</param>
/// <param name="Columns">Its columns. The first one names the row.</param>
/// <param name="Rows">Its rows, in order.</param>
public sealed record ReportTable(string Name, string Title, IReadOnlyList<ReportColumn> Columns, IReadOnlyList<ReportRow> Rows);
