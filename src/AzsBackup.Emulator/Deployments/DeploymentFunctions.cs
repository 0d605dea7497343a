using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Deployments;

/// <summary>What the functions of a template find while it is deployed.</summary>
internal sealed class DeploymentFunctions(DeploymentRecord record, StackState stack, InnerRequests arm) : StackFunctions(stack, arm, record.Target.Scope)
{
    protected override JsonNode? Parameter(string name) => record.Plan.Secrets[name]
        ?? throw ArmException.InvalidTemplate($"The template parameter '{name}' is not found. Please see https://aka.ms/arm-syntax-parameters for usage details.");

    protected override (string Id, string ApiVersion)? Planned(string named) => record.Plan.Resources.FirstOrDefault(resource =>
        ArmPath.Equal(resource.Id, named) || ArmPath.Equal(resource.Name, named) || resource.Id.EndsWith("/providers/" + named, StringComparison.OrdinalIgnoreCase)) is { } planned
        ? (planned.Id, planned.ApiVersion)
        : null;

    protected override JsonNode? Deployment()
    {
        JsonObject deployment = new() { ["name"] = record.Target.Name };
        if (record.Target.ResourceGroup is null)
            deployment["location"] = record.Target.Location;
        deployment["properties"] = new JsonObject
        {
            ["template"] = record.Template.DeepClone(),
            ["parameters"] = record.Plan.Parameters.DeepClone(),
            ["mode"] = record.Mode,
            ["provisioningState"] = record.State.ToString(),
        };
        return deployment;
    }
}
