using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AzsBackup.Engine.Capture;

/// <summary>
/// The one way a capture writes JSON, so that the same values give the same bytes: two spaces, LF, UTF-8 without a mark, a line
/// break at the end. The order of properties and arrays is the caller's; numbers and texts keep their spelling.
/// </summary>
public static class CanonicalJson
{
    private static readonly JsonWriterOptions Style = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes a document as a file's content.</summary>
    public static byte[] Write(JsonNode? document)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Style))
        {
            if (document is null) writer.WriteNullValue();
            else document.WriteTo(writer);
        }

        return WithUnixLines(buffer.WrittenSpan);
    }

    /// <summary>A value with its properties in ordinal order, at every level.</summary>
    public static JsonNode? Sort(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(value.EnumerateObject()
            .OrderBy(property => property.Name, StringComparer.Ordinal)
            .Select(property => KeyValuePair.Create(property.Name, Sort(property.Value)))),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(Sort)]),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(value.Clone()),
    };

    private static byte[] WithUnixLines(ReadOnlySpan<byte> written)
    {
        // A line break inside a text is escaped, so every CR here is the writer's own.
        var bytes = new byte[written.Length + 1];
        var length = 0;
        foreach (var value in written)
        {
            if (value != (byte)'\r') bytes[length++] = value;
        }

        bytes[length++] = (byte)'\n';
        return bytes[..length];
    }
}
