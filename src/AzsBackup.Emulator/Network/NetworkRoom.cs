using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Arm.Operations;

namespace AzsBackup.Emulator.Network;

/// <summary>What network resources have in common: etags, a resourceGuid, and parts with ids, etags and states of their own.</summary>
internal class NetworkRoom(StackState stack) : ResourceRoom(stack)
{
    private static readonly EmbeddedChildren Children = new();

    public override AsyncStyle WriteStyle => AsyncStyle.StatusDocument;

    public override AsyncStyle DeleteStyle => AsyncStyle.Both;

    public override OperationDetail OperationDetail => OperationDetail.Status;

    public override string ResultsSegment => "operationResults";

    public override bool AnnouncesNotification => true;

    /// <summary>The properties through which another resource may hold this one without keeping it from being deleted.</summary>
    protected virtual IReadOnlyCollection<string> HarmlessReferences => [];

    /// <summary>The code with which a deletion is refused while the resource is in use.</summary>
    protected virtual string InUseCode => "InUseResourceCannotBeDeleted";

    public override void Write(ResourceWrite write)
    {
        CompleteParts(write);
        RequireReferences(write);
        write.Keep("resourceGuid", () => Stack.Ids.NewId());
        string etag = write.IsLoading && write.Body["etag"] is { } given ? given.GetValue<string>() : Stack.NewEtag();
        write.Body["etag"] = etag;
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand)
    {
        string etag = body.Text("etag") ?? "";
        foreach (JsonObject part in Parts(resource.Id.Type, body))
        {
            part["etag"] = etag;
            part.Ensure("properties")["provisioningState"] = resource.ProvisioningState;
        }
    }

    public override void Shape(JsonObject body, string apiVersion) => VersionedProperties.Shape(body, apiVersion);

    /// <summary>A resource whose state changes when its operation is over gets a new etag then.</summary>
    public override void AfterWrite(ArmResource resource)
    {
        if (resource.ProvisioningState != "Succeeded")
            resource.Body["etag"] = Stack.NewEtag();
    }

    public override void BeforeDelete(ArmResource resource)
    {
        ArmReference? user = Stack.References.To(resource.Id.Text)
            .Concat(Parts(resource.Id.Type, resource.Body).SelectMany(part => Stack.References.To(part.Text("id") ?? "")))
            .FirstOrDefault(reference => reference.From != resource && !HarmlessReferences.Contains(reference.Property));
        if (user is not null)
            throw new ArmException(400, InUseCode, $"Resource {resource.Id} is in use by {user.Holder} and cannot be deleted. In order to delete it, remove the association first.");
    }

    protected static IEnumerable<JsonObject> Parts(string type, JsonObject body) =>
        Children.ArraysOf(type).SelectMany(array => body.Array("properties", array)?.OfType<JsonObject>() ?? []);

    /// <summary>The ids of the parts of this room's resources that refer to <paramref name="id"/> by a property, as references.</summary>
    protected JsonArray Referrers(string id, string type, params string[] properties) =>
        new([.. Stack.References.To(id)
            .Where(reference => reference.From.Id.Is(type) && properties.Contains(reference.Property, StringComparer.OrdinalIgnoreCase))
            .Select(reference => reference.Holder).Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(holder => new JsonObject { ["id"] = holder })]);

    protected static void SetUnlessEmpty(JsonObject properties, string name, JsonArray values)
    {
        properties.Remove(name);
        if (values.Count > 0)
            properties[name] = values;
    }

    private static void CompleteParts(ResourceWrite write)
    {
        foreach (string array in Children.ArraysOf(write.Resource.Id.Type))
        {
            string type = $"{write.Resource.Id.Type}/{array}";
            foreach (JsonObject part in write.Properties.EnsureArray(array).OfType<JsonObject>().ToList())
            {
                string name = part.Text("name") ?? throw new ArmException(400, "InvalidRequestFormat", $"Cannot parse the request: an item of {array} has no name.");
                part["id"] = $"{write.Resource.Id}/{array}/{name}";
                part["type"] = type;
                part.Ensure("properties").Remove("provisioningState");
            }
        }
    }

    /// <summary>References within the subscription must lead somewhere; those a GET shows as back-references are dropped before.</summary>
    private void RequireReferences(ResourceWrite write)
    {
        if (write.IsLoading)
            return;
        foreach (ArmReference reference in ArmReference.In(write.Resource))
        {
            if (!ArmId.TryParse(reference.To, out ArmId? id) || id.Equals(write.Resource.Id) || IsOwnPart(write, id) || Exists(id))
                continue;
            throw ArmException.MissingReference(reference.To, reference.Holder);
        }
    }

    private static bool IsOwnPart(ResourceWrite write, ArmId id) =>
        id.Text.StartsWith(write.Resource.Id.Text + "/", StringComparison.OrdinalIgnoreCase)
        && Parts(write.Resource.Id.Type, write.Body).Any(part => ArmPath.Equal(part.Text("id") ?? "", id.Text));

    private bool Exists(ArmId id)
    {
        if (Stack.Resources.TryGet(id, out _))
            return true;
        return id.Parent is { } parent && Stack.Resources.TryGet(parent, out ArmResource? owner)
            && Parts(owner.Id.Type, owner.Body).Any(part => ArmPath.Equal(part.Text("id") ?? "", id.Text));
    }
}
