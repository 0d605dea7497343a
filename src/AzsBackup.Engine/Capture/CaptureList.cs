using AzsBackup.Engine.Configuration;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Capture;

/// <summary>One list that gives whole bodies.</summary>
/// <param name="Path">The collection.</param>
/// <param name="Type">The type of its items.</param>
/// <param name="Scope">What it may hold; a list may show what lies above, which belongs to another capture.</param>
/// <param name="Expected">What the list of all resources says it holds.</param>
internal sealed record CaptureList(string Path, ResourceTypeDescription Type, ResourceId Scope, IReadOnlyList<ResourceId> Expected);
