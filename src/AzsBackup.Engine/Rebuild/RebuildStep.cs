using System.Text.Json.Nodes;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Rebuild;

/// <summary>One resource that is made on the target.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Body">The body it is made with.</param>
/// <param name="Then">The body it gets right afterwards; null if it stays as it was made.</param>
public sealed record RebuildStep(ResourceId Id, JsonObject Body, JsonObject? Then = null)
{
    /// <summary>Whether other VMs use it too: one that a restore running at the same time made meanwhile is used as it is.</summary>
    public bool IsShared { get; init; }
}
