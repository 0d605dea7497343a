using System.Text;
using System.Text.RegularExpressions;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>A rule about single requests of recordings. Each part that is given must match: the recording's name, the line "METHOD address", the request's body, the answer's body.</summary>
internal sealed record InteractionRule(string Reason, string? Recording, string? Request, string? RequestBody, string? AnswerBody)
{
    public bool Matches(string recording, RecordedInteraction interaction) =>
        (Recording is null || Regex.IsMatch(recording, Recording))
        && (Request is null || Regex.IsMatch($"{interaction.Method} {interaction.Uri.OriginalString}", Request, RegexOptions.IgnoreCase))
        && (RequestBody is null || Regex.IsMatch(Encoding.UTF8.GetString(interaction.RequestBody), RequestBody, RegexOptions.IgnoreCase))
        && (AnswerBody is null || Regex.IsMatch(Encoding.UTF8.GetString(interaction.AnswerBody), AnswerBody, RegexOptions.IgnoreCase));
}
