using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm.Operations;

namespace AzsBackup.Emulator.Arm;

/// <summary>Requests for children that are items of an array in their parent: a write of one is a write of the parent.</summary>
internal sealed class EmbeddedCore(StackState stack, ResourceViews views, ResourceWriter writer)
{
    public ArmResponse List(ArmRequest request, ArmResource parent, string array) =>
        ListPage.Of(request, stack.Options.PageSize, Items(views.Full(parent, null, request.ApiVersion), array), item => (JsonObject)item.DeepClone());

    public ArmResponse Handle(ArmRequest request, ArmId id, string array)
    {
        ArmId parentId = id.Parent!;
        bool exists = stack.Resources.TryGet(parentId, out ArmResource? parent);
        switch (request.Method)
        {
            case "GET" when exists && Find(views.Full(parent!, null, request.ApiVersion), array, id.Name) is { } item:
                return ArmResponse.WithEtag((JsonObject)item.DeepClone());
            case "GET":
                throw exists ? ArmException.NotFound(id) : ArmException.NotFound(parentId);
            case "PUT":
                return Put(request, id, array, exists ? parent! : throw new ArmException(404, "ParentResourceNotFound", $"Can not perform requested operation on nested resource. Parent resource '{parentId.Name}' not found."));
            case "DELETE":
                return exists ? Delete(request, id, array, parent!) : new ArmResponse(204);
            default:
                throw new ArmException(405, "HttpMethodNotAllowed", $"The http method '{request.Method}' is not supported for '{id.Type}'.");
        }
    }

    public void Load(ArmId id, string array, JsonObject body)
    {
        ArmResource parent = stack.Resources.Find(id.Parent!.Text)
            ?? throw new ArmException(404, "ParentResourceNotFound", $"Can not perform requested operation on nested resource. Parent resource '{id.Parent.Name}' not found.");
        JsonObject changed = ArmJson.Copy(parent.Body);
        Replace(changed, array, id.Name, body);
        writer.Load(parent.Id, changed);
    }

    private static void Replace(JsonObject parentBody, string array, string name, JsonObject asked)
    {
        JsonArray items = parentBody.Ensure("properties").EnsureArray(array);
        JsonObject item = ArmJson.NewObject();
        item["name"] = name;
        item["properties"] = (asked["properties"] ?? new JsonObject()).DeepClone();
        int at = items.ToList().FindIndex(found => ArmPath.Equal(found.Text("name") ?? "", name));
        if (at < 0)
            items.Add((JsonNode)item);
        else
            items[at] = item;
    }

    private static IEnumerable<JsonObject> Items(JsonObject parentBody, string array) =>
        parentBody.Array("properties", array)?.OfType<JsonObject>() ?? [];

    private static JsonObject? Find(JsonObject parentBody, string array, string name) =>
        Items(parentBody, array).FirstOrDefault(item => ArmPath.Equal(item.Text("name") ?? "", name));

    private ArmResponse Put(ArmRequest request, ArmId id, string array, ArmResource parent)
    {
        bool isNew = Find(parent.Body, array, id.Name) is null;
        JsonObject changed = ArmJson.Copy(parent.Body);
        Replace(changed, array, id.Name, request.RequireBody());
        ArmResponse written = writer.Write(request, parent, changed, isNew: false);
        return Answer(written, isNew ? 201 : 200, Find(views.Full(parent, null, request.ApiVersion), array, id.Name)!);
    }

    private ArmResponse Delete(ArmRequest request, ArmId id, string array, ArmResource parent)
    {
        if (Find(parent.Body, array, id.Name) is not { } item)
            return new ArmResponse(204);
        RequireUnused(parent, item.Text("id") ?? id.Text, id);
        JsonObject changed = ArmJson.Copy(parent.Body);
        JsonArray items = changed.Ensure("properties").EnsureArray(array);
        items.Remove(items.First(found => ArmPath.Equal(found.Text("name") ?? "", id.Name)));
        return Answer(writer.Write(request, parent, changed, isNew: false, AsyncStyle.Both), 202, null);
    }

    private void RequireUnused(ArmResource parent, string id, ArmId shown)
    {
        if (stack.References.To(id).FirstOrDefault(reference => reference.From != parent) is not { } user)
            return;
        string code = parent.Id.Is("Microsoft.Network/virtualNetworks") ? "InUseSubnetCannotBeDeleted" : "InUseResourceCannotBeDeleted";
        throw new ArmException(400, code, $"{shown.Types[^1]} {shown.Name} is in use by {user.Holder} and cannot be deleted. In order to delete it, delete all the resources within it.");
    }

    private static ArmResponse Answer(ArmResponse written, int status, JsonObject? body)
    {
        ArmResponse response = new(status, body?.DeepClone());
        foreach ((string name, string value) in written.Headers)
            response.Headers[name] = value;
        return response;
    }
}
