using System.Diagnostics;
using System.Text.Json.Nodes;

namespace AzsBackup.Tests.Emulator.Persistence;

/// <summary>The emulator's own program, as a process that can be killed.</summary>
internal sealed class StackProcess : IDisposable
{
    private readonly Process _process;

    private StackProcess(Process process, JsonNode announcement)
    {
        _process = process;
        Announcement = announcement;
    }

    /// <summary>The line the program prints when it is ready.</summary>
    public JsonNode Announcement { get; }

    public static async Task<StackProcess> StartAsync(string state, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "AzsBackup.Emulator.dll"), "--state", state])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet does not start.");
        string? line = await process.StandardOutput.ReadLineAsync(cancellationToken);
        if (line is not null)
            return new StackProcess(process, JsonNode.Parse(line)!);
        string error = await process.StandardError.ReadToEndAsync(cancellationToken);
        throw new InvalidOperationException($"The stack does not start: {error}");
    }

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public void Kill() => _process.Kill();

    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
