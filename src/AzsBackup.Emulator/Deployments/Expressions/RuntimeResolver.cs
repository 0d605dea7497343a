using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Deployments.Expressions;

/// <summary>
/// Resolves what the Bicep CLI leaves open in a body: calls of <see cref="IRuntimeFunctions"/>, and around them the joining of
/// text. Any other function around them is left to the CLI as well: its expression, with the values put in, is asked for in
/// <see cref="Wanted"/>, and answered by the next resolver's <paramref name="known"/>.
/// </summary>
internal sealed class RuntimeResolver(IRuntimeFunctions functions, IReadOnlyDictionary<string, JsonNode?> known)
{
    private readonly HashSet<string> _wanted = new(StringComparer.Ordinal);

    /// <summary>Expressions, without brackets, whose values must be known before this can be resolved.</summary>
    public IReadOnlyCollection<string> Wanted => _wanted;

    /// <summary>Whether a text is an expression that only deploying can resolve.</summary>
    public static bool IsOpen(string text, IRuntimeFunctions functions) =>
        ExpressionParser.TryParse(text) is { } expression && IsOpen(expression, functions);

    /// <summary>A resolved copy; its open expressions stay while <see cref="Wanted"/> is not empty.</summary>
    public JsonNode? Resolve(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                JsonObject copy = ArmJson.NewObject();
                foreach ((string name, JsonNode? value) in map)
                    copy[name] = Resolve(value);
                return copy;
            case JsonArray list:
                return new JsonArray([.. list.Select(Resolve)]);
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return ResolveText(value.GetValue<string>());
            default:
                return node?.DeepClone();
        }
    }

    private static bool IsOpen(TemplateExpression expression, IRuntimeFunctions functions) =>
        expression.All().OfType<TemplateExpression.Call>().Any(call => functions.Has(call.Name));

    private JsonNode? ResolveText(string text)
    {
        if (ExpressionParser.TryParse(text) is not { } expression || !IsOpen(expression, functions))
            return JsonValue.Create(text);
        return Value(expression) is { } literal ? literal.Value?.DeepClone() : JsonValue.Create(text);
    }

    /// <summary>The value of an expression, or <see langword="null"/> if it must be asked for first.</summary>
    private TemplateExpression.Literal? Value(TemplateExpression expression)
    {
        TemplateExpression reduced = Reduce(expression);
        if (reduced is TemplateExpression.Literal literal)
            return literal;
        if (IsOpen(reduced, functions))
            return null;
        string text = reduced.ToString();
        if (known.TryGetValue(text, out JsonNode? value))
            return new TemplateExpression.Literal(value);
        _wanted.Add(text);
        return null;
    }

    private TemplateExpression Reduce(TemplateExpression expression)
    {
        switch (expression)
        {
            case TemplateExpression.Member member:
                TemplateExpression target = Reduce(member.Target);
                return target is TemplateExpression.Literal of ? Property(of.Value, member.Name) : member with { Target = target };
            case TemplateExpression.Index index:
                TemplateExpression list = Reduce(index.Target);
                TemplateExpression key = Reduce(index.Key);
                return list is TemplateExpression.Literal from && key is TemplateExpression.Literal at ? Item(from.Value, at) : new TemplateExpression.Index(list, key);
            case TemplateExpression.Call call:
                return Reduce(call);
            default:
                return expression;
        }
    }

    private TemplateExpression Reduce(TemplateExpression.Call call)
    {
        // Only the branch that is taken may look things up: the other one may name what is not there.
        if (call.Is("if") && call.Arguments.Count == 3)
        {
            if (!IsOpen(call, functions))
                return call;
            return Value(call.Arguments[0]) is { } condition ? Reduce(call.Arguments[condition.Value?.GetValueKind() == JsonValueKind.True ? 1 : 2]) : call;
        }

        if (functions.Has(call.Name))
        {
            TemplateExpression.Literal?[] values = [.. call.Arguments.Select(Value)];
            return values.All(value => value is not null)
                ? new TemplateExpression.Literal(functions.Call(call.Name, [.. values.Select(value => value!.Value)])?.DeepClone())
                : call;
        }

        TemplateExpression[] arguments = [.. call.Arguments.Select(Reduce)];
        TemplateExpression.Call reduced = new(call.Name, arguments);
        return arguments.All(argument => argument is TemplateExpression.Literal { Value: JsonValue }) && Join(reduced) is { } joined ? joined : reduced;
    }

    /// <summary>The joining of texts and numbers, which nearly every template does.</summary>
    private static TemplateExpression.Literal? Join(TemplateExpression.Call call)
    {
        string[] texts = [.. call.Arguments.Select(argument => ((TemplateExpression.Literal)argument).Value!.ToString())];
        if (call.Is("concat"))
            return new TemplateExpression.Literal(JsonValue.Create(string.Concat(texts)));
        if (!call.Is("format") || texts.Length == 0 || call.Arguments[0] is not TemplateExpression.Literal { Text: { } pattern } || pattern.Contains(':', StringComparison.Ordinal) || pattern.Contains("{{", StringComparison.Ordinal))
            return null;
        StringBuilder text = new(pattern.Length);
        for (int i = 0; i < pattern.Length; i++)
        {
            int end = pattern[i] == '{' ? pattern.IndexOf('}', i) : -1;
            if (end < 0)
                text.Append(pattern[i]);
            else if (int.TryParse(pattern.AsSpan(i + 1, end - i - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int at) && at + 1 < texts.Length)
            {
                text.Append(texts[at + 1]);
                i = end;
            }
            else
                return null;
        }

        return new TemplateExpression.Literal(JsonValue.Create(text.ToString()));
    }

    private static TemplateExpression.Literal Item(JsonNode? target, TemplateExpression.Literal key)
    {
        if (key.Text is { } name)
            return Property(target, name);
        int at = (int)(new JsonObject { ["at"] = key.Value?.DeepClone() }.Number("at") ?? -1);
        if (target is not JsonArray list || at < 0 || at >= list.Count)
            throw Invalid($"The language expression property array index '{at}' is out of bounds.");
        return new TemplateExpression.Literal(list[at]);
    }

    private static TemplateExpression.Literal Property(JsonNode? target, string name)
    {
        if (target is JsonObject map && map.FirstOrDefault(pair => ArmPath.Equal(pair.Key, name)) is { Key: not null } found)
            return new TemplateExpression.Literal(found.Value);
        throw Invalid(target is JsonObject known
            ? $"The language expression property '{name}' doesn't exist, available properties are '{string.Join(", ", known.Select(pair => pair.Key))}'."
            : $"The language expression property '{name}' can't be evaluated.");
    }

    private static ArmException Invalid(string reason) =>
        new(400, "InvalidTemplate", $"Unable to process template language expressions: '{reason} Please see https://aka.ms/arm-functions for usage details.'.");
}
