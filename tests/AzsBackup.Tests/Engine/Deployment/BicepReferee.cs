using System.Diagnostics;
using AzsBackup.Emulator.Deployments.Bicep;
using Xunit;

namespace AzsBackup.Tests.Engine.Deployment;

/// <summary>The Bicep CLI, which knows the resource types from Microsoft's own descriptions of them.</summary>
internal static class BicepReferee
{
    /// <summary>What the CLI says to a file; skips the test where there is no CLI.</summary>
    public static async Task<(int ExitCode, string Words)> RunAsync(params string[] arguments)
    {
        var path = BicepLocator.Find(null);
        Assert.SkipWhen(path is null, "There is no Bicep CLI for this platform.");
        using var process = Process.Start(new ProcessStartInfo(path!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>Makes sure that a template decompiles without an error and without a read-only property.</summary>
    public static Task AssertDecompilesAsync(string template) => AssertTakesAsync("decompile", "main.json", template);

    /// <summary>Makes sure that a Bicep file builds without an error and without a read-only property.</summary>
    public static Task AssertBuildsAsync(string bicep) => AssertTakesAsync("build", "main.bicep", bicep);

    private static async Task AssertTakesAsync(string command, string name, string text)
    {
        var folder = Directory.CreateTempSubdirectory("referee");
        try
        {
            var file = Path.Combine(folder.FullName, name);
            await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
            var (exitCode, words) = await RunAsync(command, file);
            Assert.True(exitCode == 0 && !words.Contains(": Error ", StringComparison.Ordinal) && !words.Contains("BCP073", StringComparison.Ordinal), words + text);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
