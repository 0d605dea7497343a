using System.Management.Automation.Language;

namespace AzsBackup.Playground.Hosting;

/// <summary>Questions about the text of a command.</summary>
internal static class CommandText
{
    /// <summary>Whether more lines must follow: an open brace or string, a pipe or a backtick at the end.</summary>
    public static bool IsIncomplete(string command)
    {
        Parser.ParseInput(command, out _, out var errors);
        return errors.Any(error => error.IncompleteInput);
    }
}
