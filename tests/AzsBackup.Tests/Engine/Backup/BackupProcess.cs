using System.Diagnostics;
using Xunit;

namespace AzsBackup.Tests.Engine.Backup;

/// <summary>A process that backs VMs up, and what it has said so far.</summary>
internal sealed class BackupProcess : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly Task<string> _errors;
    private Task _reading = Task.CompletedTask;

    private BackupProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Waits until it has signed in and opened the vault.</summary>
    public static async Task<BackupProcess> StartedAsync(Process process, CancellationToken cancellationToken)
    {
        var started = new BackupProcess(process);
        var first = await process.StandardOutput.ReadLineAsync(cancellationToken);
        if (first != "ready") Assert.Fail($"{first} {await started._errors}");
        started._reading = started.ReadAsync(cancellationToken);
        return started;
    }

    /// <summary>Kills it: it can't do anything any more.</summary>
    /// <returns>What it had said.</returns>
    public async Task<IReadOnlyList<string>> KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        return await EndAsync(cancellationToken);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>What it said.</returns>
    public async Task<IReadOnlyList<string>> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _reading;
        Assert.Equal("", await _errors);
        return _lines;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line) _lines.Add(line);
    }
}
