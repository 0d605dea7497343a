using System.Text.Json;

namespace AzsBackup.Azure.Arm;

/// <summary>An answer of Resource Manager.</summary>
internal sealed record ArmReply
{
    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>The body; null if there was none.</summary>
    public JsonElement? Json { get; init; }

    /// <summary>The stack's name for the request.</summary>
    public string? RequestId { get; init; }

    /// <summary>Where the state of a long-running operation can be read.</summary>
    public string? AsyncOperation { get; init; }

    /// <summary>Where its result can be read.</summary>
    public string? Location { get; init; }

    /// <summary>The wait the stack asks for.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The stack's time when it answered.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>What went wrong; null if nothing did.</summary>
    public ArmError? Error { get; init; }

    /// <summary>The text at a path of property names, or null.</summary>
    public string? FindText(params string[] path)
    {
        if (Json is not { } value) return null;
        foreach (var name in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value)) return null;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    /// <summary>This answer, if it is not an error.</summary>
    /// <exception cref="Model.AzsException">It is one.</exception>
    public ArmReply OrThrow(string target) => Error is null ? this : throw ArmFailure.Explain(Error, target);
}
