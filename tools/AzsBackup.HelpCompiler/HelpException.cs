namespace AzsBackup.HelpCompiler;

/// <summary>A page is missing, incomplete or untrue. The message continues "This page …".</summary>
internal sealed class HelpException(string file, string message) : Exception(message)
{
    /// <summary>The page.</summary>
    public string File { get; } = file;
}
