using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Deployments.Expressions;

/// <summary>The functions whose results are known only while a template is deployed.</summary>
internal interface IRuntimeFunctions
{
    /// <summary>Whether a function is one of them.</summary>
    bool Has(string name);

    /// <exception cref="Arm.ArmException">What it asks for is not there.</exception>
    JsonNode? Call(string name, IReadOnlyList<JsonNode?> arguments);
}
