using System.Text.RegularExpressions;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>A rule that leaves recordings out. Each part that is given must match: the recording's name, and, in one of its requests, the line "METHOD address" or a header "name: value".</summary>
internal sealed record ReplayExclusion(string Reason, string? Recording, string? Request, string? Header)
{
    public bool Matches(Recording recording) =>
        (Recording is null || Regex.IsMatch(recording.Name, Recording))
        && (Request is null || recording.Interactions.Any(i => Regex.IsMatch($"{i.Method} {i.Uri.OriginalString}", Request)))
        && (Header is null || recording.Interactions.Any(i => i.RequestHeaders.Any(h => Regex.IsMatch($"{h.Key}: {h.Value}", Header, RegexOptions.IgnoreCase))));
}
