namespace AzsBackup.Benchmarks.Configuration;

/// <summary>What one side took.</summary>
internal sealed record ExportFigures(int Resources, double Seconds, long PeakBytes);
