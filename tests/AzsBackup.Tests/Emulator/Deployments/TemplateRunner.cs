using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Deployments.Bicep;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Deployments;

/// <summary>Deploys templates to a stack as a client does: PUT, then polling of the status.</summary>
internal static class TemplateRunner
{
    private const int MostPolls = 500;

    /// <summary>Skips the test on a machine without the Bicep CLI.</summary>
    public static void RequireBicep() => Assert.SkipUnless(BicepLocator.Find(null) is not null, "There is no Bicep CLI for this platform.");

    public static string IdOf(StackHost host, string? group, string name) =>
        $"{(group is null ? host.Subscription : host.Group(group))}/providers/Microsoft.Resources/deployments/{name}";

    public static JsonObject Body(JsonNode template, JsonNode? parameters = null, string? location = null)
    {
        JsonObject body = new()
        {
            ["properties"] = new JsonObject { ["mode"] = "Incremental", ["template"] = template.DeepClone(), ["parameters"] = parameters?.DeepClone() ?? new JsonObject() },
        };
        if (location is not null)
            body["location"] = location;
        return body;
    }

    /// <summary>The deployment when it has ended, or the refusal of its PUT.</summary>
    public static async Task<JsonNode> DeployAsync(StackHost host, string? group, string name, JsonObject body)
    {
        string id = IdOf(host, group, name);
        HttpResponseMessage response = await host.SendAsync(HttpMethod.Put, id, StackHost.Resources, body.ToJsonString());
        if (!response.IsSuccessStatusCode)
            return await StackHost.JsonAsync(response);
        string status = response.Headers.GetValues("Azure-AsyncOperation").Single();
        for (int i = 0; i < MostPolls; i++)
        {
            host.Stack.AdvanceClock(TimeSpan.FromSeconds(1));
            JsonNode state = await StackHost.JsonAsync(await host.SendUrlAsync(HttpMethod.Get, status));
            if (state.Text("status") is not ("Accepted" or "Running"))
                return await host.GetAsync(id, StackHost.Resources);
        }

        throw new InvalidOperationException($"The deployment '{name}' did not end.");
    }

    public static string? State(JsonNode deployment) => deployment.Text("properties", "provisioningState");

    /// <summary>The codes of an error and of all errors within it, outermost first.</summary>
    public static string Codes(JsonNode answer)
    {
        JsonNode? error = answer.Object("error") ?? answer.Object("properties", "error");
        List<string> codes = [];
        Collect(error, codes);
        return string.Join(" > ", codes.Distinct());
    }

    private static void Collect(JsonNode? error, List<string> codes)
    {
        if (error.Text("code") is { } code)
            codes.Add(code);
        if (error.Text("message") is { } message && message.StartsWith('{'))
            Collect(JsonNode.Parse(message).Object("error"), codes);
        foreach (JsonNode? detail in error.Array("details") ?? [])
            Collect(detail, codes);
    }
}
