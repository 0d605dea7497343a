namespace AzsBackup.Engine.Reporting;

/// <summary>The files that reports are made with, which this assembly carries.</summary>
internal static class ReportAsset
{
    /// <summary>Opens one.</summary>
    public static Stream Open(string name) => typeof(ReportAsset).Assembly.GetManifestResourceStream(name)
        ?? throw new InvalidOperationException($"The assembly has no '{name}'.");

    /// <summary>Reads one as text, its lines ending with LF whatever a checkout made of them.</summary>
    public static string Read(string name)
    {
        using var reader = new StreamReader(Open(name));
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
