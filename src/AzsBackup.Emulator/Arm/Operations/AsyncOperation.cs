using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Arm.Operations;

/// <summary>An operation that goes on after its request was answered.</summary>
internal sealed class AsyncOperation(string id, string path, DateTimeOffset startedAt, DateTimeOffset dueAt, Func<JsonNode?> complete)
{
    public string Id { get; } = id;

    /// <summary>The path of its status, below the endpoint.</summary>
    public string Path { get; } = path;

    public DateTimeOffset StartedAt { get; } = startedAt;

    public DateTimeOffset DueAt { get; } = dueAt;

    /// <summary>Whether polls find nothing, by a fault.</summary>
    public bool HasVanished { get; init; }

    public DateTimeOffset? EndedAt { get; private set; }

    public JsonNode? Output { get; private set; }

    public ArmException? Failure { get; private set; }

    public bool IsDone => EndedAt is not null;

    public string Status => !IsDone ? "InProgress" : Failure is null ? "Succeeded" : "Failed";

    /// <summary>Does what the operation is for. Its refusal is its result.</summary>
    public void Complete(DateTimeOffset now)
    {
        try
        {
            Output = complete();
        }
        catch (ArmException refusal)
        {
            Failure = refusal;
        }

        EndedAt = now;
    }

    public JsonObject ToJson()
    {
        JsonObject body = new() { ["startTime"] = ArmJson.Stamp(StartedAt) };
        if (EndedAt is { } end)
            body["endTime"] = ArmJson.Stamp(end);
        body["status"] = Status;
        if (Output is not null)
            body["properties"] = new JsonObject { ["output"] = Output.DeepClone() };
        if (Failure is not null)
            body["error"] = Failure.ToError();
        body["name"] = Id;
        return body;
    }
}
