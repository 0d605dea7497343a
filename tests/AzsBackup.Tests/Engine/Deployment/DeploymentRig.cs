using System.Text;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Deployment;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Engine.Capture;
using Xunit;

namespace AzsBackup.Tests.Engine.Deployment;

/// <summary>Captures stacks, makes deployments of captures, and deploys them to stacks.</summary>
internal static class DeploymentRig
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<DeploymentPlan> PlanAsync(CaptureRig rig, AzsVmDeploymentMode mode = AzsVmDeploymentMode.Rebuild, StampMap? map = null, params ResourceId[] scopes)
    {
        var capture = new CaptureInMemory("memory");
        var results = await rig.CaptureAsync(capture, 4, scopes);
        Assert.DoesNotContain(results, result => result.Status == AzsCaptureStatus.Failed);
        return await DeploymentPlanner.PlanAsync(capture.Content, new DeploymentOptions { VmMode = mode, StampMap = map ?? StampMap.None }, Ct);
    }

    /// <summary>All files of a deployment but the manifest, which names the captured ids.</summary>
    public static IReadOnlyDictionary<string, string> Files(DeploymentPlan plan) =>
        plan.Parts.ToDictionary(part => DeploymentManifest.FileOf(part, ".json"), part => Encoding.UTF8.GetString(ArmTemplate.Write(part)));

    /// <summary>Deploys the parts in their order, with some value for each secret.</summary>
    public static async Task DeployAsync(CaptureRig rig, DeploymentPlan plan)
    {
        foreach (var part in plan.Parts)
        {
            var secrets = part.Parameters.Where(parameter => parameter.IsSecret).Select(parameter => KeyValuePair.Create<string, JsonNode?>(
                parameter.Name, new JsonObject { ["value"] = parameter.Kind == DeploymentParameterKind.SecretObject ? new JsonObject() : "Pass-word-2468" }));
            await DeployAsync(rig, part.ResourceGroupName, $"part-{part.Number}", JsonNode.Parse(ArmTemplate.Write(part))!, new JsonObject(secrets));
        }
    }

    /// <summary>Deploys a template.</summary>
    public static async Task DeployAsync(CaptureRig rig, string? group, string name, JsonNode template, JsonNode? parameters)
    {
        var scope = group is null ? rig.Subscription.ToString() : $"{rig.Subscription}/resourceGroups/{group}";
        var body = new JsonObject
        {
            ["properties"] = new JsonObject { ["mode"] = "Incremental", ["template"] = template.DeepClone(), ["parameters"] = parameters?.DeepClone() },
        };
        if (group is null) body["location"] = rig.Emulated.Location;
        await rig.Stack.Resources.PutAsync(ResourceId.Parse($"{scope}/providers/Microsoft.Resources/deployments/{name}"), body, Ct);
    }
}
