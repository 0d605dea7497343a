using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Capture;

/// <summary>Something a stack listed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Body">Its body, where the list gave it whole; else it must be read.</param>
internal sealed record ListedResource(ResourceId Id, ResourceBody? Body);
