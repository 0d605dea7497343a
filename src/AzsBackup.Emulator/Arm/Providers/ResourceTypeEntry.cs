using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Arm.Providers;

/// <summary>One resource type as the stamp registers it.</summary>
/// <param name="Provider">The provider namespace in its registered spelling.</param>
/// <param name="Name">The type below the namespace in its registered spelling.</param>
/// <param name="ApiVersions">What is offered, newest first.</param>
/// <param name="ApiProfiles">The version each API profile pins.</param>
/// <param name="Capabilities">What ARM says the type can do, if anything.</param>
/// <param name="IsListed">Whether the provider's manifest names the type; children handled by their parent are not in it.</param>
internal sealed record ResourceTypeEntry(
    string Provider, string Name, IReadOnlyList<string> ApiVersions, JsonArray ApiProfiles, string? Capabilities, bool IsListed)
{
    public string Type => Provider + "/" + Name;

    public JsonObject ToJson(string location)
    {
        JsonObject body = new()
        {
            ["resourceType"] = Name,
            ["locations"] = Provider == "Microsoft.Authorization" ? [] : new JsonArray(location),
            ["apiVersions"] = new JsonArray([.. ApiVersions.Select(version => JsonValue.Create(version))]),
            ["apiProfiles"] = ApiProfiles.DeepClone(),
        };
        if (Capabilities is not null)
            body["capabilities"] = Capabilities;
        return body;
    }
}
