namespace AzsBackup.Engine.Reporting;

/// <summary>A row of a table.</summary>
/// <param name="Cells">One for each column.</param>
/// <param name="Anchor">The id by which the page's links find it; null if none leads here.</param>
public sealed record ReportRow(IReadOnlyList<ReportCell> Cells, string? Anchor = null);
