namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>What our service answered.</summary>
internal sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body);
