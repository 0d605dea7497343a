using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Clients;

/// <summary>Azure CLI of an ordinary user with a configuration folder of its own, who reaches the stack by a stamp's host names. It is az on the PATH, or what AZ says.</summary>
internal sealed class AzureCli(EmulatedStack stack, string folder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static string Program => Environment.GetEnvironmentVariable("AZ") ?? "az";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static bool IsInstalled()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(Program, ["--help"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Runs a command that must succeed, and gives the JSON it prints.</summary>
    public async Task<JsonNode> RunAsync(params string[] arguments)
    {
        (int exitCode, string output, string errors) = await TryAsync(arguments);
        if (exitCode != 0)
            Assert.Fail($"az {Shown(arguments)} ended with {exitCode}.\n{errors}\nThe stack saw last:\n{LastRequests()}");
        return output.Trim().Length == 0 ? new JsonObject() : JsonNode.Parse(output)!;
    }

    /// <summary>Runs a command that the stack must refuse with that code.</summary>
    public async Task RefuseAsync(string code, params string[] arguments)
    {
        (int exitCode, string output, string errors) = await TryAsync(arguments);
        Assert.True(exitCode != 0 && errors.Contains(code, StringComparison.Ordinal),
            $"az {Shown(arguments)} was to be refused with {code}, but ended with {exitCode}.\n{output}{errors}\nThe stack saw last:\n{LastRequests()}");
    }

    /// <summary>Starts a command that goes on by itself.</summary>
    public Process Start(params string[] arguments)
    {
        ProcessStartInfo start = new(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment["AZURE_CONFIG_DIR"] = Path.Combine(folder, "config");
        start.Environment["REQUESTS_CA_BUNDLE"] = stack.CaCertificatePath;
        start.Environment["HTTPS_PROXY"] = stack.ProxyEndpoint!.AbsoluteUri;
        start.Environment["NO_PROXY"] = "";
        start.Environment["AZURE_CORE_COLLECT_TELEMETRY"] = "no";
        start.Environment["AZURE_CORE_NO_COLOR"] = "yes";
        start.Environment["AZURE_CORE_SURVEY_MESSAGE"] = "no";
        return Process.Start(start)!;
    }

    private async Task<(int ExitCode, string Output, string Errors)> TryAsync(string[] arguments)
    {
        using Process process = Start(arguments);
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        late.CancelAfter(Patience);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(late.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(late.Token);
            await process.WaitForExitAsync(late.Token);
            return (process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"az {Shown(arguments)} did not end within {Patience}.\nThe stack saw last:\n{LastRequests()}");
        }
    }

    private string Shown(string[] arguments) => string.Join(' ', arguments).Replace(stack.ClientSecret, "***", StringComparison.Ordinal);

    private string LastRequests() => string.Join('\n', stack.RecentRequests.TakeLast(12).Select(request => $"{request.Status} {request.Method} {request.Path}"));
}
