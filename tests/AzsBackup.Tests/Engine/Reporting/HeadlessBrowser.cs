using System.Diagnostics;
using Xunit;

namespace AzsBackup.Tests.Engine.Reporting;

/// <summary>Chromium without a window, which tells what a page says on its console and which requests leave it.</summary>
internal sealed class HeadlessBrowser : IDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly string _program;
    private readonly string _profile = Directory.CreateTempSubdirectory("azsbackup-browser-").FullName;

    private HeadlessBrowser(string program) => _program = program;

    /// <summary>Where screenshots are kept for people to look at; not under version control.</summary>
    public static string Artifacts { get; } = Directory.CreateDirectory(Path.Combine(RepositoryRoot.Path, "TestResults", "pages")).FullName;

    /// <summary>Finds it; the test is skipped where it is not installed.</summary>
    public static HeadlessBrowser Find()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var program = Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "Chromium is not installed here; it is in the package chromium.");
        return new HeadlessBrowser(program!);
    }

    /// <summary>Opens a page and takes a picture of it.</summary>
    /// <returns>What the console said.</returns>
    public async Task<IReadOnlyList<string>> PhotographAsync(string page, string picture, int width, int height, params IEnumerable<string> switches)
    {
        var (_, errors) = await RunAsync(page, [$"--screenshot={picture}", $"--window-size={width},{height}", .. switches]);
        Assert.True(File.Exists(picture), $"{_program} took no picture: {errors}");
        return ConsoleLines(errors);
    }

    /// <summary>Opens a page, lets its scripts run, and gives the document they left.</summary>
    public async Task<(string Document, IReadOnlyList<string> Console)> OpenAsync(string page, params IEnumerable<string> switches)
    {
        var (output, errors) = await RunAsync(page, ["--dump-dom", .. switches]);
        return (output, ConsoleLines(errors));
    }

    public void Dispose() => Directory.Delete(_profile, recursive: true);

    private static List<string> ConsoleLines(string errors) => errors.Split('\n').Where(line => line.Contains(":CONSOLE", StringComparison.Ordinal)).ToList();

    private async Task<(string Output, string Errors)> RunAsync(string page, IEnumerable<string> switches)
    {
        string[] arguments =
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-extensions", "--hide-scrollbars", "--enable-logging=stderr", "--v=0",
            "--virtual-time-budget=2000", "--lang=en-US", $"--user-data-dir={_profile}", .. switches, new Uri(page.Split('#')[0]).AbsoluteUri + (page.Contains('#', StringComparison.Ordinal) ? page[page.IndexOf('#', StringComparison.Ordinal)..] : ""),
        ];
        var start = new ProcessStartInfo(_program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        enough.CancelAfter(TimeSpan.FromMinutes(2)); // a browser that waits for something that never comes never ends
        try
        {
            await process.WaitForExitAsync(enough.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        var told = await errors;
        Assert.True(process.ExitCode == 0, $"{_program} ended with {process.ExitCode}: {told}");
        return (await output, told);
    }
}
