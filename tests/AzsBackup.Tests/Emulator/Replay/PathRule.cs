using System.Text.RegularExpressions;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>A rule about one place in JSON bodies: a path such as <c>value[].properties.etag</c>, in requests that match, if that is given.</summary>
/// <param name="Path">A pattern for the whole path, without regard to case.</param>
/// <param name="Form">How a value is compared whose content is the service's own: its form, and that the same recorded value is always the same value of ours. Null: not at all.</param>
/// <param name="Request">A pattern for the line "METHOD address".</param>
/// <param name="Reason">Why.</param>
internal sealed record PathRule(string Path, GeneratedForm? Form, string? Request, string Reason)
{
    public bool Matches(string path, RecordedInteraction interaction) =>
        Regex.IsMatch(path, $"^(?:{Path})$", RegexOptions.IgnoreCase)
        && (Request is null || Regex.IsMatch($"{interaction.Method} {interaction.Uri.OriginalString}", Request, RegexOptions.IgnoreCase));
}
