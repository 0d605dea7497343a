namespace AzsBackup.Model;

/// <summary>What one probe found out about a stack, as <c>Test-AzsStack</c> emits it.</summary>
public sealed record AzsStackReadiness
{
    /// <summary>The connection's name.</summary>
    public required string Stack { get; init; }

    /// <summary>What was looked at, for example <c>Clock</c> or <c>Role: Start-AzsVmBackup</c>.</summary>
    public required string Probe { get; init; }

    /// <summary>What came of it.</summary>
    public required AzsReadinessStatus Status { get; init; }

    /// <summary>What was found, in a sentence.</summary>
    public required string Detail { get; init; }

    /// <summary>What to do about it, in a sentence; null if nothing need be done.</summary>
    public string? NextStep { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Probe}: {Status}";
}
