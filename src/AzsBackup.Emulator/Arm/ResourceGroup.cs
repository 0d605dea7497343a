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

    /// <summary>Its body; the type came with the versions of 2019 (recorded: Azure CLI at 2018-05-01 and 2019-10-01).</summary>
    public JsonObject ToJson(string apiVersion = "2019-10-01")
    {
        JsonObject body = new() { ["id"] = Id, ["name"] = Name };
        if (string.CompareOrdinal(apiVersion, "2019-05-01") >= 0)
            body["type"] = "Microsoft.Resources/resourceGroups";
        body["location"] = Location;
        if (Tags is not null)
            body["tags"] = Tags.DeepClone();
        body["properties"] = new JsonObject { ["provisioningState"] = ProvisioningState };
        return body;
    }
}
