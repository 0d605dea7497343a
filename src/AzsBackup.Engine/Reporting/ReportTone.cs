namespace AzsBackup.Engine.Reporting;

/// <summary>How a cell is meant. The cell's text says it too: a tone is never the only sign.</summary>
public enum ReportTone
{
    /// <summary>A plain fact.</summary>
    Plain,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>To be looked at.</summary>
    Warning,

    /// <summary>To be acted on.</summary>
    Bad,
}
