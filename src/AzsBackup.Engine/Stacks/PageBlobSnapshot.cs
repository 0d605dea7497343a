namespace AzsBackup.Engine.Stacks;

/// <summary>A snapshot of a page blob, as listed.</summary>
/// <param name="Name">Its name, the service's timestamp.</param>
/// <param name="Metadata">What was said of it when it was made. Names ignore case.</param>
public sealed record PageBlobSnapshot(string Name, IReadOnlyDictionary<string, string> Metadata);
