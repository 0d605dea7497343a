namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>The time of the recording: it stands still between requests.</summary>
internal sealed class ReplayClock(DateTimeOffset start) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = start;

    public override DateTimeOffset GetUtcNow() => Now;
}
