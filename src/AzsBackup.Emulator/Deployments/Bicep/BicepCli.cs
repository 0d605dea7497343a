using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Deployments.Planning;

namespace AzsBackup.Emulator.Deployments.Bicep;

/// <summary>Evaluates templates by <c>bicep snapshot</c>.</summary>
/// <param name="path">The executable, or <see langword="null"/> if there is none.</param>
/// <remarks>
/// The CLI takes a .bicepparam file that names the template, and writes its result beside it. Both lie in a new folder that only
/// this user can read, and are gone when the call returns. Tried with Bicep 0.49.2, which takes ARM JSON by <c>using</c>.
/// </remarks>
internal sealed partial class BicepCli(string? path)
{
    /// <summary>Each run keeps a core busy for about a second: more at once than there are cores would only wait for each other.</summary>
    private static readonly SemaphoreSlim Slots = new(Math.Max(1, Environment.ProcessorCount));

    /// <exception cref="ArmException">The template is not valid, or there is no CLI.</exception>
    public async Task<BicepSnapshot> EvaluateAsync(JsonObject template, DeploymentTarget target, CancellationToken cancellationToken)
    {
        if (path is null)
        {
            throw new ArmException(400, "TemplateEngineNotFound",
                $"The emulated stack evaluates templates by the Bicep CLI, which it did not find. Install it (https://aka.ms/bicep-install, or the NuGet package Azure.Bicep.CommandLine of this platform) and put it on the path, or start the stack with --bicep FILE or the variable {BicepLocator.Variable}.");
        }

        await Slots.WaitAsync(cancellationToken);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("emulated-stack-template-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "main.json"), template.ToJsonString(ArmJson.WriteOptions), cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "main.bicepparam"), Parameters(template), cancellationToken);
            string errors = await RunAsync(folder.FullName, target, cancellationToken);
            string result = Path.Combine(folder.FullName, "main.snapshot.json");
            if (!File.Exists(result))
                throw Refusal(errors);
            JsonObject snapshot = (JsonObject)ArmJson.Parse(await File.ReadAllTextAsync(result, cancellationToken))!;
            return new BicepSnapshot([.. snapshot.Array("predictedResources")!.OfType<JsonObject>()], snapshot.Object("outputs") ?? ArmJson.NewObject());
        }
        finally
        {
            folder.Delete(recursive: true);
            Slots.Release();
        }
    }

    /// <summary>Values stand in the template as defaults; what has none is secure, stays an expression whatever it is given, and is put in later.</summary>
    private static string Parameters(JsonObject template) => "using './main.json'\n" + string.Concat(
        (template.Object("parameters") ?? []).Where(parameter => parameter.Value is JsonObject definition && !definition.ContainsKey("defaultValue"))
            .Select(parameter => $"param {parameter.Key} = {(ArmPath.Equal(parameter.Value.Text("type") ?? "", "secureObject") ? "{}" : "''")}\n"));

    private static ArmException Refusal(string errors)
    {
        string reason = Reason().Match(errors) is { Success: true } match ? match.Groups["reason"].Value
            : string.Join(' ', errors.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line => Position().Replace(line, "")));
        return ArmException.InvalidTemplate(reason);
    }

    private async Task<string> RunAsync(string folder, DeploymentTarget target, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(path!) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, CreateNoWindow = true };
        foreach (string argument in (string[])["snapshot", "main.bicepparam", "--mode", "overwrite", "--tenant-id", target.TenantId, "--subscription-id", target.SubscriptionId, "--location", target.Location, "--deployment-name", target.Name])
            start.ArgumentList.Add(argument);
        if (target.ResourceGroup is { } group)
        {
            start.ArgumentList.Add("--resource-group");
            start.ArgumentList.Add(group);
        }

        try
        {
            using Process process = Process.Start(start)!;
            try
            {
                Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
                string errors = await process.StandardError.ReadToEndAsync(cancellationToken);
                string text = await output;
                await process.WaitForExitAsync(cancellationToken);
                return errors + "\n" + text;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (Win32Exception exception)
        {
            throw new ArmException(400, "TemplateEngineNotFound", $"The Bicep CLI at '{path}' cannot be started: {exception.Message}.");
        }
    }

    [GeneratedRegex("for the following reason: '(?<reason>.*)'\\.", RegexOptions.Singleline)]
    private static partial Regex Reason();

    [GeneratedRegex(@"^.*?\(\d+,\d+\) : ")]
    private static partial Regex Position();
}
