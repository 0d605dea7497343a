using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;

namespace AzsBackup.Tests.Emulator.Specifications;

/// <summary>Compares a value with its schema. A model names all its properties: others are violations, unless it declares <c>additionalProperties</c>.</summary>
internal sealed class SwaggerValidator(string operation, List<Violation> found)
{
    /// <param name="value">The value.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="pointer">Where it stands, as a JSON pointer.</param>
    /// <param name="place">Where its schema stands: the definition and the property.</param>
    public void Validate(JsonNode? value, SwaggerSchema schema, string pointer, string place)
    {
        if (schema.IsSecret)
        {
            Report("secret", place, pointer, "it is written and never read.");
            return;
        }

        if (schema.Type is null && schema.IsFreeForm && schema.Values is null)
            return;
        JsonValueKind kind = value?.GetValueKind() ?? JsonValueKind.Null;
        if (!IsOf(schema.Type, kind))
        {
            Report("type", place, pointer, $"{kind} where {schema} is {schema.Type}.");
            return;
        }

        switch (kind)
        {
            case JsonValueKind.Object:
                ValidateObject(value!.AsObject(), schema, pointer, place);
                break;
            case JsonValueKind.Array when schema.Items is { } items:
                foreach (JsonNode? item in value!.AsArray())
                    Validate(item, items, pointer + "/*", place);
                break;
            case JsonValueKind.String:
                ValidateText(value!.GetValue<string>(), schema, pointer, place);
                break;
            case JsonValueKind.Number:
                ValidateNumber(value!.ToJsonString(), schema, pointer, place);
                break;
        }
    }

    private static bool IsOf(string? type, JsonValueKind kind) => type switch
    {
        null => true,
        "object" => kind == JsonValueKind.Object,
        "array" => kind == JsonValueKind.Array,
        "string" => kind == JsonValueKind.String,
        "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
        "integer" or "number" => kind == JsonValueKind.Number,
        "file" => true,
        _ => throw new NotSupportedException($"There is no type '{type}' in Swagger 2.0."),
    };

    private void ValidateObject(JsonObject value, SwaggerSchema schema, string pointer, string place)
    {
        if (schema.IsFreeForm)
            return;
        // Names are compared as written: the objects of the emulator find them in any case.
        string model = schema.Name.Length > 0 ? schema.Name : place;
        HashSet<string> present = [.. value.Select(pair => pair.Key)];
        foreach (string name in schema.Required)
            if (!present.Contains(name))
                Report("required", $"{model}.{name}", $"{pointer}/{name}", $"{schema} must have it.");
        foreach ((string name, JsonNode? child) in value)
        {
            if (schema.Properties.GetValueOrDefault(name) is { } property)
                Validate(child, property, $"{pointer}/{name}", $"{model}.{name}");
            else if (schema.Additional is { } additional)
                Validate(child, additional, $"{pointer}/*", $"{model}.*");
            else
                Report("undeclared", $"{model}.{name}", $"{pointer}/{name}", $"{schema} has no such property.");
        }
    }

    private void ValidateText(string value, SwaggerSchema schema, string pointer, string place)
    {
        if (schema.Values?.Contains(value) == false)
            Report("enum", place, pointer, $"'{value}' is none of {string.Join(", ", schema.Values)}.");
        if (schema.Pattern is { } pattern && !Regex.IsMatch(value, pattern, RegexOptions.CultureInvariant))
            Report("pattern", place, pointer, $"'{value}' does not match {pattern}.");
        bool isWellFormed = schema.Format switch
        {
            "date-time" => IsTime(value),
            "uuid" => Guid.TryParse(value, out _),
            "byte" => Convert.TryFromBase64String(value, new byte[value.Length], out _),
            _ => true,
        };
        if (!isWellFormed)
            Report("format", place, pointer, $"'{value}' is no {schema.Format}.");
    }

    private void ValidateNumber(string text, SwaggerSchema schema, string pointer, string place)
    {
        decimal value = decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (schema.Type == "integer" && value != decimal.Truncate(value))
            Report("type", place, pointer, $"{text} is no integer.");
        if (schema.Format == "int32" && value is < int.MinValue or > int.MaxValue)
            Report("format", place, pointer, $"{text} is no {schema.Format}.");
        if (value < schema.Minimum || value > schema.Maximum)
            Report("range", place, pointer, $"{text} is not within {schema.Minimum} and {schema.Maximum}.");
        if (schema.Values?.Contains(text) == false)
            Report("enum", place, pointer, $"{text} is none of {string.Join(", ", schema.Values)}.");
    }

    private static bool IsTime(string value)
    {
        try
        {
            _ = XmlConvert.ToDateTimeOffset(value);
            return value.Contains('T', StringComparison.Ordinal);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private void Report(string rule, string place, string pointer, string detail) => found.Add(new Violation(operation, rule, place, pointer, detail));
}
