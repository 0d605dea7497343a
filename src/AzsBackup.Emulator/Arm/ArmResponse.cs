using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Arm;

/// <summary>What ARM answers.</summary>
internal sealed record ArmResponse(int Status, JsonNode? Body = null)
{
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The media type; <see langword="null"/> for ARM's own, which is that of JSON if there is a body.</summary>
    public string? ContentType { get; set; }

    public static ArmResponse Ok(JsonNode? body) => new(200, body);

    /// <summary>The answer to a GET of one resource: its etag, if it has one, is a header as well.</summary>
    public static ArmResponse WithEtag(JsonObject body)
    {
        ArmResponse response = Ok(body);
        if (body.Text("etag") is { } etag)
            response.Headers["ETag"] = etag;
        return response;
    }

    public static ArmResponse Error(ArmException exception) =>
        new(exception.Status, new JsonObject { ["error"] = exception.ToError() });
}
