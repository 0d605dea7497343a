using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Arm;

/// <summary>A resource group.</summary>
internal sealed class ResourceGroup(string id, string name, string location)
{
    public string Id { get; } = id;

    public string Name { get; } = name;

    public string Location { get; } = location;

    public JsonObject? Tags { get; set; }

    public string ProvisioningState { get; set; } = "Succeeded";

    public JsonObject ToJson()
    {
        JsonObject body = new() { ["id"] = Id, ["name"] = Name, ["type"] = "Microsoft.Resources/resourceGroups", ["location"] = Location };
        if (Tags is not null)
            body["tags"] = Tags.DeepClone();
        body["properties"] = new JsonObject { ["provisioningState"] = ProvisioningState };
        return body;
    }
}
