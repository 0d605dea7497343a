using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AzsBackup.Tests.Emulator.Specifications;

/// <summary>Reads Swagger 2.0 documents, with references into other files. A file that is not there leaves what refers to it unchecked.</summary>
internal sealed class SwaggerLoader
{
    private readonly Dictionary<string, JsonObject?> _documents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SwaggerSchema> _definitions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _secrets;
    private readonly string _root;

    /// <param name="root">The folder that holds <c>common-types</c>, to which documents refer from wherever they lie in their repository.</param>
    /// <param name="secrets">Properties that go in and never come out, as <c>Definition.property</c>; the documents of that time do not mark them.</param>
    public SwaggerLoader(string root, IEnumerable<string> secrets)
    {
        _root = root;
        _secrets = [.. secrets];
    }

    /// <summary>The operations of one document.</summary>
    /// <exception cref="NotSupportedException">It uses a keyword that is not checked, so that its answers would pass unseen.</exception>
    public IEnumerable<SwaggerOperation> Load(string file)
    {
        file = Path.GetFullPath(file);
        JsonObject document = Document(file) ?? throw new FileNotFoundException($"There is no specification {file}.", file);
        string version = document["info"]!["version"]!.GetValue<string>();
        foreach ((string template, JsonNode? item) in document["paths"]!.AsObject())
        {
            List<JsonNode?> shared = [.. item!["parameters"]?.AsArray() ?? []];
            foreach ((string method, JsonNode? operation) in item.AsObject())
            {
                if (method == "parameters")
                    continue;
                IEnumerable<JsonObject> parameters = shared.Concat(operation!["parameters"]?.AsArray() ?? []).Select(parameter => Resolve(file, parameter!.AsObject()).Node).OfType<JsonObject>();
                yield return new SwaggerOperation(
                    operation["operationId"]!.GetValue<string>(), method.ToUpperInvariant(), template, version, PathOf(template, parameters),
                    operation["responses"]!.AsObject().ToDictionary(response => response.Key, response => Response(file, response.Value!.AsObject())),
                    [.. (operation["x-ms-examples"]?.AsObject() ?? []).Select(example => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, example.Value!["$ref"]!.GetValue<string>())))]);
            }
        }
    }

    /// <summary>The schema of one definition.</summary>
    public SwaggerSchema Definition(string file, string name) => Schema(Path.GetFullPath(file), new JsonObject { ["$ref"] = "#/definitions/" + name });

    private static Regex PathOf(string template, IEnumerable<JsonObject> parameters)
    {
        HashSet<string> open = [.. parameters.Where(parameter => parameter["x-ms-skip-url-encoding"]?.GetValue<bool>() == true).Select(parameter => parameter["name"]!.GetValue<string>())];
        string pattern = Regex.Replace(Regex.Escape(template.TrimEnd('/')), @"\\\{(?<name>[^}]+)}", match => open.Contains(match.Groups["name"].Value) ? ".+" : "[^/]+");
        return new Regex($"^{pattern.Replace("/.+", ".*", StringComparison.Ordinal)}/?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }

    private SwaggerResponse Response(string file, JsonObject response)
    {
        (file, JsonObject? found) = Resolve(file, response);
        SwaggerSchema? body = found?["schema"] is JsonObject schema ? Schema(file, schema) : null;
        return new SwaggerResponse(body, (found?["headers"]?.AsObject() ?? []).ToDictionary(header => header.Key, header => Schema(file, header.Value!.AsObject())));
    }

    private SwaggerSchema Schema(string file, JsonObject node)
    {
        if (node["$ref"] is null)
            return Fill(new SwaggerSchema(), file, node);
        string reference = node["$ref"]!.GetValue<string>();
        string[] parts = reference.Split('#');
        string target = Target(file, parts[0]);
        string key = target + "#" + parts[1];
        if (_definitions.TryGetValue(key, out SwaggerSchema? known))
            return known;
        SwaggerSchema schema = new() { Name = parts[1].Split('/')[^1] };
        _definitions[key] = schema;
        (target, JsonObject? definition) = Resolve(file, node);
        if (definition is not null)
            return Fill(schema, target, definition);
        schema.Additional = new SwaggerSchema();
        return schema;
    }

    private SwaggerSchema Fill(SwaggerSchema schema, string file, JsonObject node)
    {
        if (node.ContainsKey("discriminator"))
            throw new NotSupportedException($"{file}: {schema.Name} has a discriminator, which is not followed.");
        schema.Type = node["type"]?.GetValue<string>();
        schema.Format = node["format"]?.GetValue<string>();
        schema.Pattern = node["pattern"]?.GetValue<string>();
        schema.Minimum = node["minimum"]?.GetValue<decimal>();
        schema.Maximum = node["maximum"]?.GetValue<decimal>();
        if (node["enum"] is JsonArray values && node["x-ms-enum"]?["modelAsString"]?.GetValue<bool>() != true)
            schema.Values = [.. values.Select(value => value!.ToString())];
        if (node["items"] is JsonObject items)
            schema.Items = Schema(file, items);
        schema.Additional = node["additionalProperties"] switch
        {
            JsonObject additional => Schema(file, additional),
            JsonValue flag when flag.GetValueKind() == JsonValueKind.True => new SwaggerSchema(),
            _ => null,
        };
        foreach ((string name, JsonNode? property) in node["properties"]?.AsObject() ?? [])
            schema.Properties[name] = Property(schema, file, name, property!.AsObject());
        foreach (JsonNode? name in node["required"]?.AsArray() ?? [])
            schema.Required.Add(name!.GetValue<string>());
        foreach (JsonNode? parent in node["allOf"]?.AsArray() ?? [])
            schema.Inherit(Schema(file, parent!.AsObject()));
        if (schema.Properties.Count > 0)
            schema.Type ??= "object";
        return schema;
    }

    private SwaggerSchema Property(SwaggerSchema owner, string file, string name, JsonObject property)
    {
        bool isSecret = property["x-ms-secret"]?.GetValue<bool>() == true || _secrets.Contains($"{owner.Name}.{name}");
        return isSecret ? new SwaggerSchema { IsSecret = true } : Schema(file, property);
    }

    /// <summary>Follows references until something is written in place.</summary>
    private (string File, JsonObject? Node) Resolve(string file, JsonObject node)
    {
        while (node["$ref"]?.GetValue<string>() is { } reference)
        {
            string[] parts = reference.Split('#');
            file = Target(file, parts[0]);
            JsonNode? found = Document(file);
            foreach (string segment in parts[1].Split('/', StringSplitOptions.RemoveEmptyEntries))
                found = found?[segment];
            if (found is not JsonObject next)
                return Document(file) is null ? (file, null) : throw new InvalidDataException($"{file} has no {parts[1]}.");
            node = next;
        }

        return (file, node);
    }

    private string Target(string file, string relative)
    {
        int common = relative.IndexOf("common-types/", StringComparison.Ordinal);
        return relative.Length == 0 ? file
            : Path.GetFullPath(common < 0 ? Path.Combine(Path.GetDirectoryName(file)!, relative) : Path.Combine(_root, relative[common..]));
    }

    private JsonObject? Document(string file)
    {
        if (!_documents.TryGetValue(file, out JsonObject? document))
            _documents[file] = document = File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file))!.AsObject() : null;
        return document;
    }
}
