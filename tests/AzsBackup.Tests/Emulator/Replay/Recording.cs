namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>What one test of somebody else's client said to the real service, in order, and what it was told.</summary>
internal sealed record Recording(string Name, IReadOnlyList<RecordedInteraction> Interactions);
