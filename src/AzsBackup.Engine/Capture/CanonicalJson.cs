using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AzsBackup.Engine.Capture;

/// <summary>
/// The one way a capture writes JSON, so that an unchanged resource gives the same bytes: properties in ordinal order, two
/// spaces, LF, UTF-8 without a mark, no <c>etag</c> (it changes without the resource changing), secrets redacted.
/// Arrays keep their order, and numbers and texts their spelling.
/// </summary>
public static class CanonicalJson
{
    private static readonly JsonWriterOptions Style = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes a body as a file's content.</summary>
    public static byte[] Write(JsonElement body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Style))
        {
            Write(writer, body, inSettings: false);
        }

        return WithUnixLines(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, bool inSettings)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    if (property.NameEquals("etag")) continue;
                    writer.WritePropertyName(property.Name);
                    WriteProperty(writer, property, inSettings);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item, inSettings);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(SecretRedaction.Redact(value.GetString()!));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static void WriteProperty(Utf8JsonWriter writer, JsonProperty property, bool inSettings)
    {
        var isEmpty = property.Value.ValueKind is JsonValueKind.Null
            || (property.Value.ValueKind == JsonValueKind.String && property.Value.GetString()!.Length == 0);
        var isSetting = inSettings && property.Value.ValueKind == JsonValueKind.String && !property.NameEquals("name");
        if (!isEmpty && (isSetting || (SecretRedaction.IsSecret(property.Name) && IsSecretShape(property.Value))))
        {
            writer.WriteStringValue(SecretRedaction.Mark);
            return;
        }

        Write(writer, property.Value, inSettings || SecretRedaction.IsSettingsMap(property.Name));
    }

    // A vault reference is an object that names where a secret lies and is no secret; protected settings are objects too.
    private static bool IsSecretShape(JsonElement value) =>
        value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("sourceVault", out _);

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
