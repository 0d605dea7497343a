namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>How one request of a recording fared.</summary>
/// <param name="Name">Which request: recording and place, counted from 0.</param>
/// <param name="Line">Its method and address, shortened.</param>
/// <param name="LeftOut">Why it isn't judged; null if it is.</param>
/// <param name="Differences">What differs from the recorded answer.</param>
internal sealed record InteractionOutcome(string Name, string Line, string? LeftOut, IReadOnlyList<string> Differences)
{
    public bool IsAnsweredAsRecorded => LeftOut is null && Differences.Count == 0;
}
