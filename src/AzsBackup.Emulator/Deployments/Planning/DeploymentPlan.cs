using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Deployments.Planning;

/// <summary>A template as it will be deployed.</summary>
/// <param name="Resources">In the template's order.</param>
/// <param name="Outputs">By name: <c>type</c> and <c>value</c>, which may hold open expressions.</param>
/// <param name="Parameters">As a GET shows them: <c>type</c>, and <c>value</c> unless it is secure.</param>
/// <param name="Secrets">The values of secure parameters.</param>
/// <param name="TemplateHash">What ARM shows to tell templates apart.</param>
internal sealed record DeploymentPlan(
    IReadOnlyList<PlannedResource> Resources, JsonObject Outputs, JsonObject Parameters, JsonObject Secrets, string TemplateHash);
