using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Configuration;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Capture;

/// <summary>
/// Makes the record of a resource from its body, so that an unchanged resource gives the same bytes however it was read:
/// properties in ordinal order, arrays without a meaningful order sorted, ids in one spelling, without what changes by itself
/// (etags, states, counters), and without secrets. All else is kept as the stack gave it. Safe for concurrent use.
/// </summary>
/// <param name="types">What is known of types.</param>
/// <param name="spelling">How ids are spelled.</param>
public sealed class ResourceDocument(ResourceTypeTable types, IdSpelling spelling)
{
    /// <summary>The record of a resource as a file's content.</summary>
    public byte[] Write(ResourceBody body) => CanonicalJson.Write(Make(body));

    /// <summary>The record of a resource.</summary>
    public JsonNode? Make(ResourceBody body)
    {
        var type = types.Find(body.Id.Type);
        var rules = BodyRules.For(type);
        var made = Convert(body.Json, BodyPlace.Top(rules), rules);
        if (made is not JsonObject top) return made;
        if (body.FindText("id") is { } id) top["id"] = spelling.Spell(id, body.FindText("name"));
        if (body.FindText("type") is { } named) top["type"] = spelling.SpellType(named);
        return made;
    }

    private JsonNode? Convert(JsonElement value, BodyPlace place, BodyRules rules) => value.ValueKind switch
    {
        JsonValueKind.Object => place.BackReferences is { EndsHere: true } && value.TryGetProperty("id", out var id)
            ? new JsonObject { ["id"] = Convert(id, place.Property("id"), rules) }
            : ConvertObject(value, place, rules),
        JsonValueKind.Array => ConvertArray(value, place, rules),
        JsonValueKind.String => JsonValue.Create(SecretRedaction.Redact(spelling.Spell(value.GetString()!))),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(value.Clone()),
    };

    private JsonObject ConvertObject(JsonElement value, BodyPlace place, BodyRules rules)
    {
        var made = new JsonObject();
        foreach (var property in value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
        {
            var below = place.Property(property.Name);
            if (below.Volatile is { EndsHere: true } || (!place.IsFree && types.Volatile.Contains(property.Name))) continue;
            made[property.Name] = SecretShape.Redact(property, below.Secrets is { EndsHere: true }, below.Settings is { EndsHere: true }, out var redacted)
                ? redacted
                : Convert(property.Value, below, rules);
        }

        return made;
    }

    private JsonArray ConvertArray(JsonElement value, BodyPlace place, BodyRules rules)
    {
        var below = place.Item();
        var items = value.EnumerateArray().Select(item => Convert(item, below, rules)).ToList();
        if (below.Sets is { EndsHere: true } set && items.Count > 1)
        {
            var keys = rules.SetKeys[set];
            items = items
                .Select(item => (Item: item, Key: SetOrder.KeyOf(item, keys)))
                .OrderBy(item => item.Key, SetOrder.Comparer)
                .Select(item => item.Item)
                .ToList();
        }

        return new JsonArray([.. items]);
    }
}
