using System.Text.Json;
using System.Text.Json.Serialization;

namespace AzsBackup.Engine.Jobs;

/// <summary>How records of jobs are written and read. A newer version may say more in them.</summary>
internal static class JobJson
{
    private static readonly JsonSerializerOptions Style = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    public static JsonElement Write<T>(T value) => JsonSerializer.SerializeToElement(value, Style);

    /// <summary>Reads a document of a format; null if it is of another one, or can't be read.</summary>
    public static T? TryRead<T>(JsonElement json, string format)
        where T : class
    {
        try
        {
            return json.ValueKind == JsonValueKind.Object && json.TryGetProperty("format", out var said) && said.ValueEquals(format)
                ? json.Deserialize<T>(Style)
                : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
