using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace AzsBackup.Vault.Runs;

/// <summary>
/// A process that writes to vaults, as far as another one on the same machine has to know it: to tell at once, and not only
/// by a long silence, that a run is dead. Never tells so of a process that it can't look at. Safe for concurrent use.
/// </summary>
public sealed class WriterProcess
{
    private const char Separator = '|';

    private readonly ConcurrentDictionary<string, bool> _sessions = new(StringComparer.Ordinal);
    private readonly string _place;
    private readonly string _id;
    private readonly string _start;
    private readonly string _instance;
    private readonly Func<string, string?> _findStart;

    /// <param name="place">Where process ids mean the same: a machine since its start, a container.</param>
    /// <param name="id">The process id.</param>
    /// <param name="start">When it was started, in the system's own words.</param>
    /// <param name="findStart">When the process of an id was started; <see langword="null"/> if there is none. Throws if that can't be known.</param>
    internal WriterProcess(string place, string id, string start, Func<string, string?> findStart)
    {
        _place = place.Replace(Separator, '/');
        _id = id;
        _start = start;
        _findStart = findStart;

        // A process may hold this code twice: each knows only its own sessions.
        _instance = Guid.NewGuid().ToString("n");
        Mark = string.Join(Separator, _place, _id, _start, _instance);
    }

    /// <summary>This process.</summary>
    public static WriterProcess Current { get; } = Describe();

    /// <summary>What it is called in the vault.</summary>
    public string Mark { get; }

    internal void Enter(string sessionId) => _sessions[sessionId] = true;

    internal void Leave(string sessionId) => _sessions.TryRemove(sessionId, out _);

    /// <summary>Whether a session of a process with this mark is over for certain.</summary>
    internal bool IsGone(string mark, string sessionId)
    {
        if (mark.Split(Separator) is not [var place, var id, var start, var instance] || place != _place)
            return false;
        if (id == _id && start == _start)
            return instance == _instance && !_sessions.ContainsKey(sessionId);
        try
        {
            return _findStart(id) != start;
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception
            or IOException or UnauthorizedAccessException or FormatException)
        {
            return false;
        }
    }

    private static WriterProcess Describe()
    {
        string id = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        string start;
        string place = $"{Environment.MachineName}/{Environment.UserDomainName}";
        try
        {
            // Containers have process ids of their own, whatever their host is called; a machine starts again with other ones.
            if (OperatingSystem.IsLinux())
                place += $"/{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}/{new FileInfo("/proc/self/ns/pid").LinkTarget}";
            start = FindStart(id) ?? "?";
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception
            or IOException or UnauthorizedAccessException)
        {
            // Then nobody can tell: a place of its own.
            place = Guid.NewGuid().ToString("n");
            start = "?";
        }

        return new WriterProcess(place, id, start, FindStart);
    }

    private static string? FindStart(string id)
    {
        if (OperatingSystem.IsLinux())
        {
            // Field 22 of /proc/<id>/stat (proc_pid_stat(5)), ticks since the machine's start; field 2, in brackets, may hold anything.
            string path = $"/proc/{id}/stat";
            if (!File.Exists(path))
                return null;
            string text = File.ReadAllText(path);
            return text[(text.LastIndexOf(')') + 2)..].Split(' ')[19];
        }

        try
        {
            using var process = Process.GetProcessById(int.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture));
            return process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
