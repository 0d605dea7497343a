using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm.Providers;

namespace AzsBackup.Emulator.Arm;

/// <summary>Bodies as ARM answers them.</summary>
internal sealed class ResourceViews(RoomRegistry rooms, ProviderCatalog catalog)
{
    private static readonly string[] Listed = ["location", "tags", "sku", "kind", "plan", "identity", "zones"];

    /// <summary>The whole body.</summary>
    public JsonObject Full(ArmResource resource, string? expand = null, string? apiVersion = null)
    {
        ResourceRoom room = rooms.For(resource.Id.Type);
        JsonObject stored = ArmJson.Copy(resource.Body);
        if (room.HasProvisioningState)
            stored.Ensure("properties")["provisioningState"] = resource.ProvisioningState;
        room.Present(resource, stored, expand);
        if (apiVersion is not null)
            room.Shape(stored, apiVersion);
        JsonObject body = Head(resource);
        foreach ((string name, JsonNode? value) in stored)
            body[name] = value?.DeepClone();
        return body;
    }

    /// <summary>The short body of <c>/resources</c>.</summary>
    public JsonObject Short(ArmResource resource)
    {
        JsonObject full = Full(resource);
        JsonObject body = Head(resource);
        foreach (string name in Listed)
            if (full[name] is { } value)
                body[name] = value.DeepClone();
        if (full.Text("managedBy") is { } managedBy)
            body["managedBy"] = managedBy;
        return body;
    }

    private JsonObject Head(ArmResource resource)
    {
        JsonObject body = ArmJson.NewObject();
        body["name"] = resource.Id.Name;
        body["id"] = resource.Id.Text;
        body["type"] = catalog.Spell(resource.Id.Type);
        return body;
    }
}
