using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AzsBackup.Tests.Vault.Fuzzing;

/// <summary>Changes JSON in its structure: what bit flips nearly never reach.</summary>
internal static class JsonMutator
{
    // Written into the text as they are: some are no JSON, some are JSON that no text can hold.
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1", "1.5", "1e400", "-1e400", "1e-400", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "99999999999999999999999999999999999999", "2147483648", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"../../x\"", "[]", "{}", "[null]", "[[]]",
        "{\"\\ud800\":1}", "NaN", "\"2026-13-45T99:99:99.0000000Z\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"0001-01-01T00:00:00.0000000Z\"", "\"====\"",
    ];

    /// <summary>Mutates JSON; <see langword="null"/> if the bytes are none.</summary>
    public static byte[]? TryMutate(ref FuzzRandom random, byte[] input)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(input);
        }
        catch (JsonException)
        {
            return null;
        }

        var nodes = new List<JsonNode>();
        Collect(root, nodes);
        nodes.Remove(root!);
        if (nodes.Count == 0)
            return null;
        var node = nodes[random.Below(nodes.Count)];
        switch (random.Below(8))
        {
            case 0:
                Remove(node);
                return Text(root!);
            case 1:
                return Replace(root!, node, Nested(ref random));
            case 2:
                return Replace(root!, node, "\"" + new string('x', 1 << random.Below(17)) + "\"");
            case 3 when node.Parent is JsonObject parent:
                return Twice(root!, parent, node.GetPropertyName());
            case 4 when node.Parent is JsonObject parent:
                string name = node.GetPropertyName();
                Remove(node);
                parent.Add(random.Below(2) == 0 ? name.ToUpperInvariant() : name + "2", node);
                return Text(root!);
            case 5:
                return Replace(root!, node, nodes[random.Below(nodes.Count)].ToJsonString());
            case 6 when node is JsonArray { Count: > 0 } array:
                string one = array[0]?.ToJsonString() ?? "null";
                return Replace(root!, node, "[" + string.Join(',', Enumerable.Repeat(one, 1 + random.Below(300))) + "]");
            default:
                return Replace(root!, node, Values[random.Below(Values.Length)]);
        }
    }

    private static void Collect(JsonNode? node, List<JsonNode> nodes)
    {
        if (node is null)
            return;
        nodes.Add(node);
        foreach (var child in node is JsonObject members ? members.Select(member => member.Value) : node is JsonArray array ? array : [])
            Collect(child, nodes);
    }

    private static void Remove(JsonNode node)
    {
        if (node.Parent is JsonObject members)
            members.Remove(node.GetPropertyName());
        else if (node.Parent is JsonArray array)
            array.RemoveAt(node.GetElementIndex());
    }

    private static string Nested(ref FuzzRandom random)
    {
        int depth = random.Below(3) == 0 ? 20_000 : 1 + random.Below(100);
        return random.Below(2) == 0
            ? new string('[', depth) + new string(']', depth)
            : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
    }

    /// <summary>Puts text where a node is; a marker stands for it, since not all of it is JSON.</summary>
    private static byte[] Replace(JsonNode root, JsonNode node, string text)
    {
        const string Marker = "@@fuzz@@";
        node.ReplaceWith(Marker);
        return Encoding.UTF8.GetBytes(root.ToJsonString().Replace($"\"{Marker}\"", text, StringComparison.Ordinal));
    }

    private static byte[] Twice(JsonNode root, JsonObject parent, string name)
    {
        const string Marker = "@@fuzz@@";
        string member = $"{JsonSerializer.Serialize(name)}:{parent[name]?.ToJsonString() ?? "null"}";
        parent[Marker] = 0;
        return Encoding.UTF8.GetBytes(root.ToJsonString().Replace($"\"{Marker}\":0", member, StringComparison.Ordinal));
    }

    private static byte[] Text(JsonNode root) => Encoding.UTF8.GetBytes(root.ToJsonString());
}
