using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Estates;

/// <summary>One resource of an estate.</summary>
/// <param name="Id">Its id, in this stack's subscription if the estate leaves that open.</param>
/// <param name="Body">As a GET gives it, or as a PUT takes it.</param>
/// <param name="MayHoldExpressions">Whether texts in brackets are what a template's evaluation left open.</param>
internal sealed partial record EstateResource(string Id, JsonObject Body, bool MayHoldExpressions)
{
    /// <summary>The group of resources of a template, which names none.</summary>
    public const string TemplateGroup = "estate";

    /// <summary>
    /// Reads any of three forms: an estate (<c>resources</c> with ids), what <c>bicep snapshot</c> prints
    /// (<c>predictedResources</c>, of whatever subscription) and a template without expressions (<c>resources</c> with types and names).
    /// </summary>
    /// <exception cref="EstateException">It is none of these.</exception>
    public static IReadOnlyList<EstateResource> ReadAll(JsonObject document, string estate, string subscriptionScope)
    {
        if (document["predictedResources"] is JsonArray predicted)
        {
            JsonArray rehomed = (JsonArray)ArmJson.Parse(SubscriptionId().Replace(predicted.ToJsonString(ArmJson.WriteOptions), subscriptionScope))!;
            return [.. Objects(rehomed, estate).Select(body => new EstateResource(IdOf(body, estate), body, true))];
        }

        IEnumerable<JsonObject> resources = document["resources"] switch
        {
            JsonArray list => Objects(list, estate),
            JsonObject map => Objects(map.Select(pair => pair.Value), estate),
            _ => throw new EstateException($"The estate '{estate}' has no array \"resources\" or \"predictedResources\"."),
        };
        bool isTemplate = document.ContainsKey("$schema");
        return isTemplate
            ? [.. resources.SelectMany(body => OfTemplate(body, "", "", estate, $"{subscriptionScope}/resourceGroups/{TemplateGroup}"))]
            : [.. resources.Select(body => new EstateResource(IdOf(body, estate), body, false))];
    }

    private static IEnumerable<JsonObject> Objects(IEnumerable<JsonNode?> items, string estate) =>
        items.Select(item => item as JsonObject ?? throw new EstateException($"The estate '{estate}' has a resource that is no object."));

    private static string IdOf(JsonObject body, string estate) =>
        body.Text("id") ?? throw new EstateException($"The estate '{estate}' has a resource without an id: {body.ToJsonString()[..Math.Min(80, body.ToJsonString().Length)]}.");

    private static IEnumerable<EstateResource> OfTemplate(JsonObject body, string parentType, string parentName, string estate, string scope)
    {
        string type = parentType + (body.Text("type") ?? throw new EstateException($"The template '{estate}' has a resource without a type."));
        string name = parentName + (body.Text("name") ?? throw new EstateException($"The template '{estate}' has a resource of type '{type}' without a name."));
        string[] types = type.Split('/');
        string[] names = name.Split('/');
        if (names.Length != types.Length - 1 || name.StartsWith('['))
            throw new EstateException($"The template '{estate}' has the resource '{type}' '{name}', whose name does not fit its type: only a template without expressions can be an estate. Evaluate it with 'bicep snapshot', or deploy it.");
        yield return new EstateResource(ArmId.Create(scope, types[0], types[1..], names).Text, body, true);
        foreach (JsonObject child in Objects(body.Array("resources") ?? [], estate))
            foreach (EstateResource below in OfTemplate(child, type + "/", name + "/", estate, scope))
                yield return below;
    }

    [GeneratedRegex("/subscriptions/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.IgnoreCase)]
    private static partial Regex SubscriptionId();
}
