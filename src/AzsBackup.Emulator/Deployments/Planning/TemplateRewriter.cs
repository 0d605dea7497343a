using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Deployments.Expressions;

namespace AzsBackup.Emulator.Deployments.Planning;

/// <summary>
/// Prepares a template for the Bicep CLI, so that its snapshot says more than what would be there at the end:
/// which resource comes of which part of the template and after which others (the snapshot drops <c>dependsOn</c>), what
/// refers to what (it would answer <c>reference()</c> with what the template asks for, not with what the stack made of it), and
/// deployments in the deployment (it would flatten them, and evaluate them before what they depend on is there).
/// </summary>
internal sealed class TemplateRewriter
{
    /// <summary>The property a rewritten resource carries its plan in.</summary>
    public const string Plan = "$plan";

    /// <summary>A function that the snapshot never answers, for it stands for any <c>list*</c> action.</summary>
    public const string Reference = "listReference";

    private const string DeploymentType = "Microsoft.Resources/deployments";
    private const string OpaqueType = "Microsoft.Resources/plannedDeployments";
    private readonly List<JsonObject?> _innerTemplates = [];

    private TemplateRewriter(JsonObject template) => Template = template;

    /// <summary>The template for the CLI.</summary>
    public JsonObject Template { get; private set; }

    /// <summary>By the number in a plan: the templates of deployments that are evaluated in a scope of their own.</summary>
    public IReadOnlyList<JsonObject?> InnerTemplates => _innerTemplates;

    public static TemplateRewriter Rewrite(JsonObject template)
    {
        TemplateRewriter rewriter = new(ArmJson.Copy(template));
        rewriter.Number(rewriter.Template["resources"], "");
        string text = rewriter.Template.ToJsonString(ArmJson.WriteOptions).Replace(DeploymentType, OpaqueType, StringComparison.OrdinalIgnoreCase);
        rewriter.Template = (JsonObject)ArmJson.Parse(text)!;
        OpenReferences(rewriter.Template);
        return rewriter;
    }

    /// <summary>A part of the snapshot, with the types as they were.</summary>
    public static JsonObject Restore(JsonObject value) =>
        (JsonObject)ArmJson.Parse(value.ToJsonString(ArmJson.WriteOptions).Replace(OpaqueType, DeploymentType, StringComparison.OrdinalIgnoreCase))!;

    private void Number(JsonNode? resources, string symbol)
    {
        IEnumerable<(string Symbol, JsonNode? Resource)> found = resources switch
        {
            JsonArray list => list.Select(item => (symbol, item)),
            JsonObject map => map.Select(pair => (pair.Key, pair.Value)),
            _ => [],
        };
        foreach ((string name, JsonNode? node) in found.ToList())
        {
            if (node is not JsonObject resource || resource.Flag("existing") == true)
                continue;
            JsonObject plan = new() { ["index"] = _innerTemplates.Count };
            _innerTemplates.Add(null);
            if (name.Length > 0)
                plan["symbol"] = name;
            if (resource.Text("copy", "name") is { } copy)
                plan["copy"] = copy;
            Move(resource, "dependsOn", plan);
            Move(resource, "resourceGroup", plan);
            Move(resource, "subscriptionId", plan);
            if (ArmPath.Equal(resource.Text("type") ?? "", DeploymentType) && resource.Object("properties") is { } properties)
                TakeTemplate(properties);
            Attach(resource, plan);
            Number(resource["resources"], "");
        }
    }

    /// <summary>
    /// The template of a deployment in the deployment is evaluated in a scope of its own if it says so. Otherwise its
    /// expressions belong to the outer template and are evaluated with it.
    /// </summary>
    private void TakeTemplate(JsonObject properties)
    {
        if (properties.Object("template") is { } template && ArmPath.Equal(properties.Text("expressionEvaluationOptions", "scope") ?? "", "inner"))
        {
            _innerTemplates[^1] = (JsonObject)template.DeepClone();
            properties.Remove("template");
        }
    }

    private static void Move(JsonObject resource, string property, JsonObject plan)
    {
        if (resource[property] is not { } value)
            return;
        resource.Remove(property);
        plan[property] = value;
    }

    private static void Attach(JsonObject resource, JsonObject plan)
    {
        if (resource["properties"] is JsonValue expression && expression.GetValueKind() == JsonValueKind.String && expression.GetValue<string>() is ['[', .. var inner, ']'])
        {
            resource["properties"] = $"[union({inner}, createObject('{Plan}', {AsExpression(plan)}))]";
            return;
        }

        if (resource["properties"] is null)
            plan["isBare"] = true;
        resource.Ensure("properties")[Plan] = plan;
    }

    private static string AsExpression(JsonNode? node) => node switch
    {
        JsonObject map => $"createObject({string.Join(", ", map.Select(pair => $"'{pair.Key}', {AsExpression(pair.Value)}"))})",
        JsonArray list => $"createArray({string.Join(", ", list.Select(AsExpression))})",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>() is ['[', not '[', .., ']'] text
            ? text[1..^1] : new TemplateExpression.Literal(value).ToString(),
        _ => new TemplateExpression.Literal(node).ToString(),
    };

    private static void OpenReferences(JsonNode? node)
    {
        foreach ((JsonNode parent, string name, string value) in ArmJson.Texts(node).ToList())
            if (OpenReferences(value) is { } opened)
                ((JsonObject)parent)[name] = opened;
        foreach (JsonArray list in Arrays(node).ToList())
            for (int i = 0; i < list.Count; i++)
                if (list[i] is JsonValue value && value.GetValueKind() == JsonValueKind.String && OpenReferences(value.GetValue<string>()) is { } opened)
                    list[i] = opened;
    }

    private static IEnumerable<JsonArray> Arrays(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(pair => Arrays(pair.Value)),
        JsonArray list => list.SelectMany(Arrays).Prepend(list),
        _ => [],
    };

    /// <summary>The expression with its calls of <c>reference</c> renamed, or <see langword="null"/> if there are none.</summary>
    private static string? OpenReferences(string text)
    {
        if (text is not ['[', not '[', .., ']'] || !text.Contains("reference", StringComparison.OrdinalIgnoreCase))
            return null;
        StringBuilder opened = new(text.Length + 16);
        bool isQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            isQuoted ^= text[i] == '\'';
            if (!isQuoted && !char.IsAsciiLetterOrDigit(text[i - (i > 0 ? 1 : 0)]) && IsCall(text, i))
            {
                opened.Append(Reference);
                i += "reference".Length - 1;
            }
            else
                opened.Append(text[i]);
        }

        return opened.ToString();
    }

    private static bool IsCall(string text, int at)
    {
        if (string.Compare(text, at, "reference", 0, 9, StringComparison.OrdinalIgnoreCase) != 0)
            return false;
        int next = at + 9;
        while (next < text.Length && char.IsWhiteSpace(text[next]))
            next++;
        return next < text.Length && text[next] == '(';
    }
}
