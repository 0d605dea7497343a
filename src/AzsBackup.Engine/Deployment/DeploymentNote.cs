namespace AzsBackup.Engine.Deployment;

/// <summary>Something of the capture that a deployment does not bring back as it was.</summary>
/// <param name="ResourceId">The resource.</param>
/// <param name="Path">The property; null for the resource as a whole.</param>
/// <param name="Kind">What became of it.</param>
/// <param name="Reason">Why, for a person.</param>
public sealed record DeploymentNote(string ResourceId, string? Path, DeploymentNoteKind Kind, string Reason);
