using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Arm.Providers;
using AzsBackup.Emulator.Deployments.Bicep;
using AzsBackup.Emulator.Estates;
using AzsBackup.Tests.Emulator.Estates;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Deployments;

/// <summary>Templates of strangers are deployed, with the parameters they come with.</summary>
public sealed class StrangersTemplateTests(ITestOutputHelper output)
{
    // Some build the name of a storage account of it.
    private const string Group = "strangers";

    /// <summary>
    /// A template written for public Azure names versions that no stamp has; whoever takes it to a stamp changes them, and so does
    /// the test. Whatever else a stamp refuses in it is in the held file, with the stamp's code.
    /// </summary>
    [LongFact]
    public async Task Deploy_TemplatesOfTheProfilesTypes_AllButTheHeldOnesSucceed()
    {
        TemplateRunner.RequireBicep();
        IReadOnlyList<StrangersTemplate> templates = StrangersTemplate.All();
        ProviderCatalog catalog = ProviderCatalog.Load("local");
        using BicepSession bicep = BicepSession.Start(BicepLocator.Find(null)!);
        await using StackHost host = await StackHost.StartAsync();
        Dictionary<string, string> failures = [];
        int works = 0;
        foreach (StrangersTemplate template in templates)
        {
            await host.MakeGroupAsync(Group);
            JsonObject body = template.ReadTemplate();
            UseVersionsOfTheStamp(body["resources"], catalog);
            JsonNode deployment = await TemplateRunner.DeployAsync(host, Group, "d", TemplateRunner.Body(body, await ParametersAsync(bicep, template)));
            if (TemplateRunner.State(deployment) != "Succeeded")
                failures[template.Name] = TemplateRunner.Codes(deployment);
            if (TemplateRunner.State(deployment) == "Succeeded" || IsEstate(template))
                works++;
            await host.DoAsync(HttpMethod.Delete, host.Group(Group), StackHost.Resources);
        }

        output.WriteLine($"{templates.Count - failures.Count} of {templates.Count} templates deploy; {works} deploy or load as an estate.");
        HeldFailures.AssertHeld("strangers-templates.json", failures);
        Assert.True(works * 20 >= templates.Count * 19, $"{works} of {templates.Count} deploy or load as an estate.");
    }

    private static bool IsEstate(StrangersTemplate template)
    {
        using BareStack stack = new();
        try
        {
            stack.Load(template.Resolved, StackHost.Cancel);
            return true;
        }
        catch (EstateException)
        {
            return false;
        }
    }

    internal static async Task<JsonNode?> ParametersAsync(BicepSession bicep, StrangersTemplate template)
    {
        JsonObject answer = await bicep.CallAsync("bicep/compileParams", new JsonObject { ["path"] = template.Parameters, ["parameterOverrides"] = new JsonObject() }, StackHost.Cancel);
        return JsonNode.Parse(answer.Text("result", "parameters")!)!["parameters"];
    }

    internal static void UseVersionsOfTheStamp(JsonNode? resources, ProviderCatalog catalog, string parent = "")
    {
        foreach (JsonObject resource in (resources as JsonArray ?? []).OfType<JsonObject>())
        {
            string type = parent + resource.Text("type");
            if (catalog.Find(type.Replace("/providers", "", StringComparison.OrdinalIgnoreCase)) is { } entry && resource.ContainsKey("apiVersion")
                && !entry.ApiVersions.Contains(resource.Text("apiVersion"), StringComparer.OrdinalIgnoreCase))
                resource["apiVersion"] = entry.ApiVersions[0];
            UseVersionsOfTheStamp(resource["resources"], catalog, type + "/");
            UseVersionsOfTheStamp(resource.Array("properties", "template", "resources"), catalog);
        }
    }
}
