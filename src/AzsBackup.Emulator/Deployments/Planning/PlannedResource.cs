using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Deployments.Planning;

/// <summary>One resource of a deployment: what is to be written, and how far that got. Plain data, so that it can be stored.</summary>
internal sealed class PlannedResource
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    /// <summary>The name as a template writes it, with those of its parents.</summary>
    public required string Name { get; init; }

    public required string ApiVersion { get; init; }

    /// <summary>The body of the PUT; open expressions are resolved when its turn comes.</summary>
    public required JsonObject Body { get; init; }

    /// <summary>A condition that could not be decided beforehand.</summary>
    public string? Condition { get; init; }

    /// <summary>The ids of resources of the same deployment that come first.</summary>
    public required IReadOnlyList<string> DependsOn { get; init; }

    /// <summary>For a deployment in the deployment, whose template has a scope of its own: that template.</summary>
    public JsonObject? InnerTemplate { get; init; }

    public PlannedState State { get; set; }

    public required string OperationId { get; init; }

    public required string TrackingId { get; init; }

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset EndedAt { get; set; }

    /// <summary>The status the PUT was answered with, or the one of the failure.</summary>
    public int StatusCode { get; set; }

    /// <summary>Where the operation that the PUT started is polled: a path and query.</summary>
    public string? PollAt { get; set; }

    /// <summary>The <c>error</c> that ended it.</summary>
    public JsonObject? Error { get; set; }

    public bool IsDone => State is PlannedState.Succeeded or PlannedState.Failed or PlannedState.Skipped;

    public bool IsDeployment => Type.Equals("Microsoft.Resources/deployments", StringComparison.OrdinalIgnoreCase);
}
