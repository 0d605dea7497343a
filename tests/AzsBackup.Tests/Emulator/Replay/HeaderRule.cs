namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>How a header that the comparison names is compared.</summary>
/// <param name="Form">The form of a value that the service makes up; null if it must be the recorded one.</param>
/// <param name="PresenceOnly">Whether only its being there counts.</param>
/// <param name="Reason">Why it isn't compared by value.</param>
internal sealed record HeaderRule(GeneratedForm? Form, bool PresenceOnly, string? Reason);
