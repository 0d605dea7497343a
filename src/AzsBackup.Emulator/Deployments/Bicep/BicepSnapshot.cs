using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Deployments.Bicep;

/// <summary>What the Bicep CLI made of a template.</summary>
/// <param name="Resources">The resources it deploys, nested ones flattened; what is not known before a deployment stays an expression.</param>
/// <param name="Outputs">The outputs by name, without their types.</param>
internal sealed record BicepSnapshot(IReadOnlyList<JsonObject> Resources, JsonObject Outputs);
