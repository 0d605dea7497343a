namespace AzsBackup.Engine.Reporting;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its heading, in the report's language.</param>
/// <param name="IsNumber">Whether it holds numbers.</param>
public sealed record ReportColumn(string Title, bool IsNumber = false);
