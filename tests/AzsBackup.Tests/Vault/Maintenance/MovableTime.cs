namespace AzsBackup.Tests.Vault.Maintenance;

/// <summary>A clock that moves when it is told to.</summary>
internal sealed class MovableTime : TimeProvider
{
    private DateTimeOffset _now = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Pass(TimeSpan time) => _now += time;
}
