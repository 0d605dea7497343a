using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using AzsBackup.Engine.Running;

namespace AzsBackup.Composition;

/// <summary>
/// Says to the operating system's log what a person has to know who looks at no vault: on Windows to the Application log, by
/// <c>eventcreate.exe</c>; elsewhere to syslog, and so to the journal, by <c>logger</c>. Both are there on any installation, and
/// neither needs a package of ours.
/// </summary>
/// <param name="log">Told if that can't be done: it is no reason for a backup to fail.</param>
internal sealed class SystemLog(IRunLog log)
{
    /// <summary>A policy ran and all went well.</summary>
    public const int Completed = 100;

    /// <summary>Something failed.</summary>
    public const int Failed = 101;

    /// <summary>A time of a schedule was missed.</summary>
    public const int Missed = 102;

    private const string Source = "AzsBackup";

    // eventcreate takes no longer text.
    private const int LongestText = 1000;

    /// <summary>Writes an event.</summary>
    /// <param name="id">One of the numbers above; more than 100 is an error.</param>
    /// <param name="text">What happened; without secrets.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public async Task WriteAsync(int id, string text, CancellationToken cancellationToken)
    {
        var line = text.ReplaceLineEndings(" ");
        if (line.Length > LongestText) line = line[..LongestText];
        var (program, arguments) = OperatingSystem.IsWindows() ? Windows(id, line) : Unix(id, line);
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            var said = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardOutput.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (process.ExitCode != 0) log.Warning($"The event could not be written: {program} said '{(await said.ConfigureAwait(false)).Trim()}'.");
        }
        catch (Win32Exception missing)
        {
            log.Warning($"The event could not be written: {program}: {missing.Message}");
        }
    }

    private static (string Program, string[] Arguments) Windows(int id, string text) => (
        "eventcreate.exe",
        ["/L", "APPLICATION", "/T", id == Completed ? "INFORMATION" : "ERROR", "/SO", Source, "/ID", id.ToString(CultureInfo.InvariantCulture), "/D", text]);

    private static (string Program, string[] Arguments) Unix(int id, string text) => (
        "logger", ["-t", Source.ToLowerInvariant(), "-p", id == Completed ? "user.info" : "user.err", "--", $"{id} {text}"]);
}
