using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Arm;

/// <summary>One mention of another resource's id in a body.</summary>
/// <param name="To">The id mentioned.</param>
/// <param name="From">The resource whose body mentions it.</param>
/// <param name="Holder">The id of the named part that holds it, for instance an <c>ipConfigurations</c> item; the resource's own id if there is none.</param>
/// <param name="Property">The property under which the reference stands, for instance <c>subnet</c>.</param>
internal sealed record ArmReference(string To, ArmResource From, string Holder, string Property)
{
    public static IEnumerable<ArmReference> In(ArmResource resource) => In(resource, resource.Body);

    /// <summary>The references in a body the resource has or had.</summary>
    public static IEnumerable<ArmReference> In(ArmResource resource, JsonObject body) => Walk(resource, body, resource.Id.Text, "");

    private static IEnumerable<ArmReference> Walk(ArmResource resource, JsonNode? node, string holder, string property)
    {
        switch (node)
        {
            case JsonObject map:
                if (map.Text("id") is { } id && id.StartsWith('/'))
                {
                    bool isPart = id.Length > resource.Id.Text.Length && id.StartsWith(resource.Id.Text + "/", StringComparison.OrdinalIgnoreCase) && map["properties"] is not null;
                    if (isPart)
                        holder = id;
                    else
                        yield return new ArmReference(id, resource, holder, property);
                }

                foreach ((string name, JsonNode? value) in map)
                    foreach (ArmReference reference in Walk(resource, value, holder, name))
                        yield return reference;
                break;
            case JsonArray list:
                foreach (JsonNode? item in list)
                    foreach (ArmReference reference in Walk(resource, item, holder, property))
                        yield return reference;
                break;
        }
    }
}
