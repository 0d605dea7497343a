namespace AzsBackup.Engine.Deployment;

/// <summary>A capture as something to deploy.</summary>
/// <param name="Stack">The host name of the captured stack's Resource Manager endpoint.</param>
/// <param name="Parts">In the order in which they must be deployed.</param>
/// <param name="Notes">What is not brought back as it was, by resource and path.</param>
public sealed record DeploymentPlan(string Stack, IReadOnlyList<DeploymentPart> Parts, IReadOnlyList<DeploymentNote> Notes);
