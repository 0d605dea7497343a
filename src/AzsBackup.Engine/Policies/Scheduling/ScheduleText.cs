using System.Security;
using System.Text.Json;

namespace AzsBackup.Engine.Policies.Scheduling;

/// <summary>Texts as each format writes them, so that any path and name arrives as it is.</summary>
internal static class ScheduleText
{
    /// <summary>A PowerShell string. Curly quotes end one as straight ones do.</summary>
    public static string PowerShell(string? text) => $"'{string.Concat((text ?? "").Select(letter => letter is '\'' or '‘' or '’' or '‚' or '‛' ? $"{letter}{letter}" : $"{letter}"))}'";

    /// <summary>A word for a POSIX shell in a crontab, where a bare percent sign ends the command (crontab(5)).</summary>
    public static string Cron(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'".Replace("%", "\\%", StringComparison.Ordinal);

    /// <summary>A word of a systemd command line (systemd.service(5), Command lines).</summary>
    public static string Systemd(string text) => '"' + text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("%", "%%", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal) + '"';

    /// <summary>Text in XML.</summary>
    public static string Xml(string text) => SecurityElement.Escape(text);

    /// <summary>A YAML string: JSON's are such.</summary>
    public static string Yaml(string text) => JsonSerializer.Serialize(text);
}
