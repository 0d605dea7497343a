using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Hosting;

namespace AzsBackup.Emulator.Deployments.Planning;

/// <summary>The parameters of a template, matched with the values of a deployment.</summary>
internal sealed partial class TemplateParameters
{
    /// <summary>The output that carries the evaluated defaults out of the snapshot.</summary>
    public const string DefaultsOutput = "plannedDefaults";

    private readonly JsonObject _definitions;
    private readonly List<string> _defaulted = [];

    private TemplateParameters(JsonObject definitions) => _definitions = definitions;

    /// <summary>The values of secure parameters: they are put in when a resource's turn comes, and never given to the CLI with the template.</summary>
    public JsonObject Secrets { get; } = ArmJson.NewObject();

    /// <summary>As a GET shows them.</summary>
    public JsonObject Shown { get; } = ArmJson.NewObject();

    /// <summary>Puts the values into the template as defaults.</summary>
    /// <param name="template">Changed.</param>
    /// <param name="given">By name: <c>{"value": …}</c>.</param>
    /// <param name="now">What <c>utcNow()</c> is.</param>
    /// <param name="ids">What <c>newGuid()</c> takes.</param>
    /// <exception cref="ArmException">A value is missing, or is for no parameter.</exception>
    public static TemplateParameters Apply(JsonObject template, JsonObject given, DateTimeOffset now, IdSource ids)
    {
        TemplateParameters parameters = new(template.Object("parameters") ?? ArmJson.NewObject());
        string[] unknown = [.. given.Select(pair => pair.Key).Where(name => !parameters._definitions.ContainsKey(name))];
        if (unknown.Length > 0)
        {
            string supported = string.Join(", ", parameters._definitions.Select(pair => pair.Key));
            throw ArmException.InvalidTemplate($"The template parameters '{string.Join(", ", unknown)}' in the parameters file are not valid; they are not present in the original template and can therefore not be provided at deployment time. The only supported parameters for this template are '{supported}'. Please see https://aka.ms/arm-pass-parameter-values for usage details.");
        }

        foreach ((string name, JsonNode? node) in parameters._definitions)
            if (node is JsonObject definition)
                parameters.Set(name, definition, given[name] as JsonObject, now, ids);
        if (parameters._defaulted.Count > 0)
        {
            string pairs = string.Join(", ", parameters._defaulted.Select(name => $"'{name}', parameters('{name}')"));
            template.Ensure("outputs")[DefaultsOutput] = new JsonObject { ["type"] = "object", ["value"] = $"[createObject({pairs})]" };
        }

        return parameters;
    }

    /// <summary>Adds the defaults that the CLI has evaluated to what is shown.</summary>
    public void AddDefaults(JsonObject? values)
    {
        foreach (string name in _defaulted)
            Shown.Ensure(name)["value"] = values?[name]?.DeepClone();
    }

    private void Set(string name, JsonObject definition, JsonObject? given, DateTimeOffset now, IdSource ids)
    {
        string type = definition.Text("type") ?? "object";
        bool isSecure = type.StartsWith("secure", StringComparison.OrdinalIgnoreCase);
        JsonObject shown = Shown.Ensure(name);
        shown["type"] = Spell(type);
        if (given?["reference"] is not null)
            throw new ArmException(400, "KeyVaultParameterReferenceNotSupported", $"The parameter '{name}' refers to a secret of a key vault, which the emulated stack does not read. Pass its value.");
        // No value and null are the same to ARM: the default holds.
        if (given?["value"] is { } value)
        {
            if (isSecure)
            {
                Secrets[name] = value.DeepClone();
                foreach (string check in (string[])["defaultValue", "allowedValues", "minLength", "maxLength"])
                    definition.Remove(check);
                return;
            }

            definition["defaultValue"] = Escape(value);
            shown["value"] = value.DeepClone();
        }
        else if (definition.ContainsKey("defaultValue"))
        {
            definition["defaultValue"] = WithoutChance(definition["defaultValue"], now, ids);
            if (!isSecure)
                _defaulted.Add(name);
        }
        else if (definition.Flag("nullable") != true)
            throw ArmException.InvalidTemplate($"The value for the template parameter '{name}' is not provided. Please see https://aka.ms/arm-create-parameter-file for usage details.");
    }

    private static string Spell(string type) => type.ToUpperInvariant() switch
    {
        "SECURESTRING" => "SecureString",
        "SECUREOBJECT" => "SecureObject",
        _ => char.ToUpperInvariant(type[0]) + type[1..].ToLowerInvariant(),
    };

    /// <summary>A value as a template writes it: text in brackets would be an expression.</summary>
    internal static JsonNode? Escape(JsonNode? value) => value switch
    {
        JsonObject map => new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, Escape(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Escape)]),
        JsonValue text when text.GetValueKind() == JsonValueKind.String && text.GetValue<string>() is ['[', .., ']'] => "[" + text.GetValue<string>(),
        _ => value?.DeepClone(),
    };

    /// <summary>Two functions are allowed in defaults only, and the snapshot leaves them open: time and chance are the stack's.</summary>
    private static JsonNode? WithoutChance(JsonNode? value, DateTimeOffset now, IdSource ids)
    {
        if (value is not JsonValue || value.GetValueKind() != JsonValueKind.String || value.GetValue<string>() is not ['[', not '[', .., ']'] text)
            return value?.DeepClone();
        text = UtcNow().Replace(text, match =>
        {
            string format = match.Groups["format"] is { Success: true, Value.Length: > 0 } given ? given.Value : "yyyyMMddTHHmmssZ";
            return "'" + now.UtcDateTime.ToString(format, CultureInfo.InvariantCulture).Replace("'", "''", StringComparison.Ordinal) + "'";
        });
        return NewGuid().Replace(text, _ => $"'{ids.NewId()}'");
    }

    [GeneratedRegex(@"\butcNow\(\s*('(?<format>[^']*)')?\s*\)", RegexOptions.IgnoreCase)]
    private static partial Regex UtcNow();

    [GeneratedRegex(@"\bnewGuid\(\s*\)", RegexOptions.IgnoreCase)]
    private static partial Regex NewGuid();
}
