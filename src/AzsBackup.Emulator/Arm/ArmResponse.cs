using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Arm;

/// <summary>What ARM answers.</summary>
internal sealed record ArmResponse(int Status, JsonNode? Body = null)
{
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public static ArmResponse Ok(JsonNode? body) => new(200, body);

    public static ArmResponse Error(ArmException exception) =>
        new(exception.Status, new JsonObject { ["error"] = exception.ToError() });
}
