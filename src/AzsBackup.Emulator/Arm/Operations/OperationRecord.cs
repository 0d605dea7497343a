using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Arm.Operations;

/// <summary>An operation in a fact.</summary>
internal sealed record OperationRecord(string Id, OperationPlace Place, long Number, DateTimeOffset StartedAt, DateTimeOffset DueAt)
{
    /// <summary>See <see cref="AsyncOperation.Style"/>.</summary>
    public AsyncStyle Style { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public JsonNode? Output { get; init; }

    /// <summary>See <see cref="AsyncOperation.HasVanished"/>.</summary>
    public bool HasVanished { get; init; }

    public OperationFailure? Failure { get; init; }

    public OperationIntent? Intent { get; init; }
}
