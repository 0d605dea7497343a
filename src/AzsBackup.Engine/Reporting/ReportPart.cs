namespace AzsBackup.Engine.Reporting;

/// <summary>A piece of a cell.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Target">The id of the element of the page that it leads to; null if it leads nowhere.</param>
public readonly record struct ReportPart(string Text, string? Target = null);
