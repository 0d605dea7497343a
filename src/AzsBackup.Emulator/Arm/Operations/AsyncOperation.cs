using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Arm.Operations;

/// <summary>An operation that goes on after its request was answered.</summary>
internal sealed class AsyncOperation(string id, OperationPlace place, DateTimeOffset startedAt, DateTimeOffset dueAt, Func<JsonNode?> complete)
{
    public string Id { get; } = id;

    /// <summary>The path of its status, below the endpoint.</summary>
    public string Path { get; } = $"{place.StatusPath}/{id}";

    /// <summary>The path of its result, below the endpoint; the status' own with <c>monitor=true</c> for providers that have no other.</summary>
    public string ResultPath { get; } = $"{place.ResultPath}/{id}";

    /// <summary>Whether <see cref="ResultPath"/> is asked with <c>monitor=true</c>.</summary>
    public bool IsMonitored => place.ResultPath == place.StatusPath;

    public bool AnnouncesNotification => place.AnnouncesNotification;

    /// <summary>The headers its request was answered with.</summary>
    public AsyncStyle Style { get; set; }

    public DateTimeOffset StartedAt { get; } = startedAt;

    public DateTimeOffset DueAt { get; } = dueAt;

    /// <summary>Whether polls find nothing, by a fault.</summary>
    public bool HasVanished { get; init; }

    public DateTimeOffset? EndedAt { get; private set; }

    public JsonNode? Output { get; private set; }

    public ArmException? Failure { get; private set; }

    public bool IsDone => EndedAt is not null;

    public string Status => !IsDone ? "InProgress" : Failure is null ? "Succeeded" : "Failed";

    /// <summary>The order in which operations were started.</summary>
    public long Number { get; init; }

    /// <summary>How to go on with it after a restart; null: it has failed then.</summary>
    public OperationIntent? Intent { get; init; }

    /// <summary>Does what the operation is for. Its refusal is its result.</summary>
    /// <param name="now">The time.</param>
    /// <param name="unexpected">Makes a refusal of an exception that is none.</param>
    public void Complete(DateTimeOffset now, Func<Exception, ArmException> unexpected)
    {
        try
        {
            Output = complete();
        }
        catch (ArmException refusal)
        {
            Failure = refusal;
        }
        catch (Exception exception)
        {
            Failure = unexpected(exception);
        }

        EndedAt = now;
    }

    public static AsyncOperation Of(OperationRecord record, Func<JsonNode?> complete) => new(record.Id, record.Place, record.StartedAt, record.DueAt, complete)
    {
        Number = record.Number,
        Style = record.Style,
        HasVanished = record.HasVanished,
        Intent = record.Intent,
        EndedAt = record.EndedAt,
        Output = record.Output,
        Failure = record.Failure?.ToException(),
    };

    public OperationRecord ToRecord() => new(Id, place, Number, StartedAt, DueAt)
    {
        Style = Style,
        EndedAt = EndedAt,
        HasVanished = HasVanished,
        Output = Output,
        Failure = Failure is null ? null : OperationFailure.Of(Failure),
        Intent = IsDone ? null : Intent,
    };

    public JsonObject ToJson()
    {
        JsonObject body = [];
        if (place.Detail != OperationDetail.Status)
            body["startTime"] = ArmJson.Stamp(StartedAt);
        if (place.Detail != OperationDetail.Status && EndedAt is { } end)
            body["endTime"] = ArmJson.Stamp(end);
        body["status"] = Status;
        if (place.Detail == OperationDetail.Output && Output is not null)
            body["properties"] = new JsonObject { ["output"] = Output.DeepClone() };
        if (Failure is not null)
            body["error"] = Failure.ToError();
        if (place.Detail != OperationDetail.Status)
            body["name"] = Id;
        return body;
    }
}
