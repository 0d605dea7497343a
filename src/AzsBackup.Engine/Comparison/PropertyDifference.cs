using System.Text.Json.Nodes;

namespace AzsBackup.Engine.Comparison;

/// <summary>One place where two bodies differ.</summary>
/// <param name="Path">Where.</param>
/// <param name="Reference">What the reference has there; null if nothing.</param>
/// <param name="Difference">What the difference has there; null if nothing.</param>
public sealed record PropertyDifference(DifferencePath Path, JsonNode? Reference, JsonNode? Difference);
