using System.Diagnostics;
using Xunit;

namespace AzsBackup.Tests.Engine.Fakes;

/// <summary>A program of somebody else's, as referee.</summary>
internal sealed class Tool
{
    private readonly string _path;

    private Tool(string path) => _path = path;

    /// <summary>Finds a program; the test is skipped where it is not installed.</summary>
    /// <param name="name">The program's name.</param>
    /// <param name="package">What to install for it.</param>
    public static Tool Find(string name, string package)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(["/usr/sbin", "/sbin"]);
        var path = folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{name} is not installed here; it is in the package {package}.");
        return new Tool(path!);
    }

    /// <summary>Runs it to its end, whatever that is.</summary>
    public Task<(int ExitCode, string Output, string Errors)> TryAsync(params IEnumerable<string> arguments) => TryAsync("", arguments);

    /// <summary>Runs it with something to read, and makes sure that it succeeded.</summary>
    public async Task FeedAsync(string input, params IEnumerable<string> arguments)
    {
        var (exitCode, output, errors) = await TryAsync(input, arguments);
        Assert.True(exitCode == 0, $"{_path} {string.Join(' ', arguments)} ended with {exitCode}: {output} {errors}");
    }

    private async Task<(int ExitCode, string Output, string Errors)> TryAsync(string input, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(_path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Runs it.</summary>
    /// <returns>What it wrote, after making sure that it succeeded.</returns>
    public async Task<string> RunAsync(params IEnumerable<string> arguments)
    {
        var (exitCode, output, errors) = await TryAsync(arguments);
        Assert.True(exitCode == 0, $"{_path} {string.Join(' ', arguments)} ended with {exitCode}: {output} {errors}");
        return output;
    }
}
