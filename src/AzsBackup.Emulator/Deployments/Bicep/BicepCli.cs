using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Deployments.Planning;

namespace AzsBackup.Emulator.Deployments.Bicep;

/// <summary>Evaluates templates by the Bicep CLI: what <c>bicep snapshot</c> prints, asked of a CLI that keeps running.</summary>
/// <param name="path">The executable, or <see langword="null"/> if there is none.</param>
/// <remarks>
/// The CLI takes a .bicepparam file that names the template. Both lie in a new folder that only this user can read, and are gone
/// when the call returns. Tried with Bicep 0.49.2, which takes ARM JSON by <c>using</c>.
/// </remarks>
internal sealed class BicepCli(string? path) : IDisposable
{
    private const int MethodNotFound = -32601;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private BicepSession? _session;

    /// <exception cref="ArmException">The template is not valid, or there is no CLI.</exception>
    public async Task<BicepSnapshot> EvaluateAsync(JsonObject template, DeploymentTarget target, CancellationToken cancellationToken)
    {
        if (path is null)
            throw Unusable("", "it was not found");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("emulated-stack-template-");
        try
        {
            string parameters = Path.Combine(folder.FullName, "main.bicepparam");
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "main.json"), template.ToJsonString(ArmJson.WriteOptions), cancellationToken);
            await File.WriteAllTextAsync(parameters, Parameters(template), cancellationToken);
            JsonObject metadata = new()
            {
                ["tenantId"] = target.TenantId,
                ["subscriptionId"] = target.SubscriptionId,
                ["resourceGroup"] = target.ResourceGroup,
                ["location"] = target.Location,
                ["deploymentName"] = target.Name,
            };
            JsonObject answer = await CallAsync("bicep/getSnapshot", new JsonObject { ["path"] = parameters, ["metadata"] = metadata, ["externalInputs"] = new JsonArray() }, cancellationToken);
            if (answer.Text("result", "snapshot") is not { } text)
                throw await RefusalAsync(answer.Object("error"), parameters, cancellationToken);
            JsonObject snapshot = (JsonObject)ArmJson.Parse(text)!;
            return new BicepSnapshot([.. snapshot.Array("predictedResources")!.OfType<JsonObject>()], snapshot.Object("outputs") ?? ArmJson.NewObject());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public void Dispose()
    {
        _session?.Dispose();
        _turn.Dispose();
    }

    internal static ArmException Unusable(string path, string reason)
    {
        string which = path.Length == 0 ? "" : $" at '{path}'";
        return new ArmException(400, "TemplateEngineNotAvailable",
            $"The emulated stack evaluates templates by the Bicep CLI. It cannot use the one{which}: {reason}. Install Bicep 0.49 or newer (https://aka.ms/bicep-install, or the NuGet package Azure.Bicep.CommandLine for this platform) and put it on the path, or name it by --bicep FILE or the variable {BicepLocator.Variable}.");
    }

    /// <summary>Values stand in the template as defaults; what has none is secure, stays an expression whatever it is given, and is put in later.</summary>
    private static string Parameters(JsonObject template) => "using './main.json'\n" + string.Concat(
        (template.Object("parameters") ?? []).Where(parameter => parameter.Value is JsonObject definition && !definition.ContainsKey("defaultValue") && definition.Flag("nullable") != true)
            .Select(parameter => $"param {parameter.Key} = {(ArmPath.Equal(parameter.Value.Text("type") ?? "", "secureObject") ? "{}" : "''")}\n"));

    /// <summary>A template that does not even parse is refused without a reason; compiling its parameters tells it.</summary>
    private async Task<ArmException> RefusalAsync(JsonObject? error, string parameters, CancellationToken cancellationToken)
    {
        if (error.Number("code") == MethodNotFound)
            return Unusable(path!, "it is too old");
        string reason = error.Text("data", "message") ?? error.Text("message") ?? "";
        if (reason == "Compilation failed")
        {
            JsonObject compiled = await CallAsync("bicep/compileParams", new JsonObject { ["path"] = parameters, ["parameterOverrides"] = new JsonObject() }, cancellationToken);
            string[] errors = [.. (compiled.Array("result", "diagnostics") ?? []).Where(found => found.Text("level") == "Error").Select(found => found.Text("message") ?? "")];
            reason = errors.Length > 0 ? string.Join(' ', errors) : reason;
        }

        return ArmException.InvalidTemplate(reason);
    }

    /// <summary>A call that was not heard to its end leaves the session out of step: it is ended, and the next call starts another.</summary>
    private async Task<JsonObject> CallAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        bool isWhole = false;
        try
        {
            if (_session is not { IsRunning: true })
            {
                _session?.Dispose();
                _session = BicepSession.Start(path!);
            }

            JsonObject answer = await _session.CallAsync(method, parameters, cancellationToken);
            isWhole = true;
            return answer;
        }
        catch (Exception exception) when (exception is IOException or FormatException or JsonException)
        {
            throw Unusable(path!, $"it does not answer: {exception.Message}");
        }
        finally
        {
            if (!isWhole)
            {
                _session?.Dispose();
                _session = null;
            }

            _turn.Release();
        }
    }
}
