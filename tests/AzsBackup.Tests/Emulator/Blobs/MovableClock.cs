namespace AzsBackup.Tests.Emulator.Blobs;

/// <summary>The real time, and as much further as a test says.</summary>
internal sealed class MovableClock : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
}
