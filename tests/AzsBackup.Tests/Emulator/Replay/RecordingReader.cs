using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>Reads the cassettes that the Python library vcrpy writes.</summary>
internal static class RecordingReader
{
    public static Recording Read(string path)
    {
        var stream = new YamlStream();
        // Who masked the signatures of snapshots' addresses took the backslash of the quotation mark that follows with them.
        var text = File.ReadAllText(path, Encoding.UTF8).Replace("sig=MASKED\"\\", "sig=MASKED\\\"\\", StringComparison.Ordinal);
        using (var reader = new StringReader(text))
            stream.Load(reader);
        var interactions = (YamlSequenceNode)stream.Documents[0].RootNode["interactions"];
        return new Recording(Path.GetFileNameWithoutExtension(path), [.. interactions.Select(Interaction)]);
    }

    private static RecordedInteraction Interaction(YamlNode node)
    {
        var request = node["request"];
        var answer = node["response"];
        // The text of the address is kept as the client sent it: signatures are made of it.
        var uri = new Uri(Text(request["uri"]), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        return new RecordedInteraction(
            Text(request["method"]), uri, Headers(request["headers"]), Bytes(request["body"]),
            int.Parse(Text(answer["status"]["code"]), System.Globalization.CultureInfo.InvariantCulture), Headers(answer["headers"]), Bytes(answer["body"]["string"]));
    }

    private static Dictionary<string, string> Headers(YamlNode node) =>
        ((YamlMappingNode)node).ToDictionary(
            pair => Text(pair.Key),
            pair => pair.Value is YamlSequenceNode values ? string.Join(", ", values.Select(Text)) : Text(pair.Value),
            StringComparer.OrdinalIgnoreCase);

    private static byte[] Bytes(YamlNode node)
    {
        var scalar = (YamlScalarNode)node;
        if (scalar is { Style: ScalarStyle.Plain, Value: "null" })
            return [];
        var text = scalar.Value!;
        // Some recorders wrote what Python prints for bytes: b'...'.
        if (text.StartsWith("b'", StringComparison.Ordinal) && text.EndsWith('\''))
            text = text[2..^1];
        return !scalar.Tag.IsEmpty && scalar.Tag.Value == "tag:yaml.org,2002:binary" ? Convert.FromBase64String(text) : Encoding.UTF8.GetBytes(text);
    }

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
}
