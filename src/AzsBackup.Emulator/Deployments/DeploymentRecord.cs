using System.Text.Json.Nodes;
using AzsBackup.Emulator.Deployments.Planning;
using AzsBackup.Emulator.Identity;

namespace AzsBackup.Emulator.Deployments;

/// <summary>A deployment: what was asked for, its plan, and how far it got. Plain data: it is kept as it is.</summary>
internal sealed class DeploymentRecord
{
    public required DeploymentTarget Target { get; init; }

    public required DeploymentPlan Plan { get; init; }

    public required JsonObject Template { get; init; }

    /// <summary><c>Incremental</c> or <c>Complete</c>.</summary>
    public required string Mode { get; init; }

    public JsonObject? Tags { get; init; }

    /// <summary>Whose roles its requests need; <see langword="null"/> when the stack itself deploys.</summary>
    public Caller? Caller { get; set; }

    public required string CorrelationId { get; init; }

    /// <summary>The name of its status document.</summary>
    public required string StatusId { get; init; }

    /// <summary>The tracking id of the evaluation of its outputs, which ARM lists as an operation.</summary>
    public required string TrackingId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset EndedAt { get; set; }

    public DeploymentState State { get; set; }

    /// <summary>The outputs with their values, once it has succeeded.</summary>
    public JsonObject? Outputs { get; set; }

    public JsonObject? Error { get; set; }

    /// <summary>What the Bicep CLI was asked for along the way: values by expression.</summary>
    public Dictionary<string, JsonNode?> Known { get; init; } = new(StringComparer.Ordinal);

    public string Id => Target.Id;

    public bool IsActive => State is DeploymentState.Accepted or DeploymentState.Running;

    public void End(DeploymentState state, DateTimeOffset now)
    {
        State = state;
        EndedAt = now;
        Known.Clear();
        Plan.Secrets.Clear();
    }
}
